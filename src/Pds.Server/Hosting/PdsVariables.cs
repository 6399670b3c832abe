using Pds.Infrastructure.S3;

namespace Pds.Server.Hosting;

/// <summary>Every variable of the official distribution and those of our own, and what this server does with it.</summary>
internal static class PdsVariables
{
    private const int MaxTypos = 3;
    private const int LettersPerTypo = 5;

    /// <summary>Those that set a member, and one that is refused with words of its own.</summary>
    private static readonly HashSet<string> ActedOn =
    [
        .. VariableBinder.Concerns.Select(concern => concern.PropertyType).Append(typeof(S3BlobOptions)).SelectMany(VariableBinder.MembersOf).Select(pair => pair.Variable.Name),
        "PDS_PLC_ROTATION_KEY_KMS_KEY_ID",
    ];

    /// <summary>Accepted, so that an official environment file, also an older one, starts this server; listed in the log.</summary>
    private static readonly HashSet<string> ForLater = Named(
        """
        HCAPTCHA_SITE_KEY HCAPTCHA_SECRET_KEY HCAPTCHA_TOKEN_SALT
        ACCOUNT_DB_LOCATION SEQUENCER_DB_LOCATION DID_CACHE_DB_LOCATION ACTOR_STORE_DIRECTORY ACTOR_STORE_CACHE_SIZE SQLITE_DISABLE_WAL_AUTO_CHECKPOINT
        ENTRYWAY_URL ENTRYWAY_DID ENTRYWAY_JWT_VERIFY_KEY_K256_PUBLIC_KEY_HEX ENTRYWAY_PLC_ROTATION_KEY ENTRYWAY_ADMIN_TOKEN
        REDIS_SCRATCH_ADDRESS REDIS_SCRATCH_PASSWORD
        FETCH_MAX_RESPONSE_SIZE ENV_FILE
        LIGHT_COLOR DARK_COLOR CONTRAST_SATURATION BRAND_COLOR PRIMARY_COLOR_CONTRAST PRIMARY_COLOR_HUE ERROR_COLOR_CONTRAST ERROR_COLOR_HUE
        WARNING_COLOR_CONTRAST WARNING_COLOR_HUE SUCCESS_COLOR_CONTRAST SUCCESS_COLOR_HUE INFO_COLOR_CONTRAST INFO_COLOR_HUE
        """);

    /// <summary>Names without the prefix that the official server reads, and this one does not.</summary>
    private static readonly HashSet<string> OtherNames = ["LOG_DESTINATION", "LOG_SYSTEMS"];

    public static bool IsKnown(string name) => ActedOn.Contains(name) || ForLater.Contains(name);

    public static bool HasNoEffect(string name) => ForLater.Contains(name) || OtherNames.Contains(name);

    /// <summary>The known name that is a few keystrokes away, if there is one.</summary>
    public static string Suggest(string unknown)
    {
        (string nearest, int distance) = ActedOn.Concat(ForLater).Select(name => (name, Distance(unknown, name))).MinBy(candidate => candidate.Item2);
        return distance <= Math.Min(MaxTypos, unknown.Length / LettersPerTypo) ? $" (did you mean {nearest}?)" : "";
    }

    private static HashSet<string> Named(string names) =>
        [.. names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(name => $"PDS_{name}")];

    /// <summary>Levenshtein's.</summary>
    private static int Distance(string first, string second)
    {
        int[] row = [.. Enumerable.Range(0, second.Length + 1)];
        for (int i = 1; i <= first.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= second.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (first[i - 1] == second[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
