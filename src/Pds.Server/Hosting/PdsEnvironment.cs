using Pds.Application.DependencyInjection;
using Pds.Infrastructure.S3;

namespace Pds.Server.Hosting;

/// <summary>Settings from <c>PDS_*</c> variables, as the official distribution means them (spec 09 §7). Empty is unset.</summary>
internal sealed class PdsEnvironment
{
    private const string Prefix = "PDS_";
    private const string PublicDirectory = "https://plc.directory";

    private readonly SettingReader _settings;

    private PdsEnvironment(SettingReader settings) => _settings = settings;

    /// <summary>What is wrong with the variables themselves; the rest shows when the options are judged.</summary>
    public IReadOnlyList<string> Faults => _settings.Faults;

    /// <summary>Variables that are set, known and without effect.</summary>
    public required IReadOnlyList<string> Ignored { get; init; }

    /// <summary>Whether no variable of ours is set: then a server for development starts.</summary>
    public required bool IsEmpty { get; init; }

    /// <summary>Addresses and networks that are believed about the addresses of clients, beside private ones.</summary>
    public IReadOnlyList<string> TrustedAddresses => _settings.List("PDS_RATE_LIMIT_BYPASS_IPS");

    /// <summary>Whether blobs are to be kept in an S3-compatible store.</summary>
    public bool UsesS3 => _settings.Text("PDS_BLOBSTORE_S3_BUCKET") is not null;

    /// <summary>Reads all variables.</summary>
    /// <param name="variables">Names and values, such as the process's.</param>
    public static PdsEnvironment Read(IEnumerable<KeyValuePair<string, string?>> variables)
    {
        Dictionary<string, string> set = variables
            .Where(variable => variable.Key.StartsWith(Prefix, StringComparison.Ordinal) && !string.IsNullOrEmpty(variable.Value))
            .ToDictionary(variable => variable.Key, variable => variable.Value!, StringComparer.Ordinal);
        SettingReader settings = new(set);
        foreach (string unknown in set.Keys.Where(name => !PdsVariables.IsKnown(name)).Order(StringComparer.Ordinal))
        {
            settings.Fault($"{unknown} is not a setting of this server{PdsVariables.Suggest(unknown)}. Remove it or correct its name.");
        }

        return new PdsEnvironment(settings)
        {
            Ignored = [.. variables.Where(variable => !string.IsNullOrEmpty(variable.Value)).Select(variable => variable.Key).Where(PdsVariables.HasNoEffect).Order(StringComparer.Ordinal)],
            IsEmpty = set.Count == 0 || set.Keys.All(name => name is "PDS_PORT" or "PDS_DATA_DIRECTORY"),
        };
    }

    /// <summary>Sets the options; collects what cannot be read in <see cref="Faults"/>.</summary>
    public void Apply(PdsOptions options)
    {
        if (IsEmpty)
        {
            ApplyDevelopment(options);
        }

        _settings.BindAll(options);
        if (UsesS3)
        {
            Apply(new S3BlobOptions());     // its faults belong to the one message
        }

        ApplyDefaults(options);
        RefuseImpossible(options);
    }

    /// <summary>Sets the options of the S3 store.</summary>
    public void Apply(S3BlobOptions options) => _settings.Bind(options);

    /// <summary>No settings at all: whatever makes trying it out easy.</summary>
    private static void ApplyDevelopment(PdsOptions options)
    {
        options.Server.DevMode = true;
        options.Accounts.InviteRequired = false;
    }

    /// <summary>Defaults that differ from those of a host that embeds the server.</summary>
    private void ApplyDefaults(PdsOptions options)
    {
        // The official server keeps its data in the current directory; a development server had better not.
        if (!IsEmpty && _settings.Text("PDS_DATA_DIRECTORY") is null)
        {
            options.Storage.DataDirectory = ".";
        }

        // Unlike the official server, a development server never writes its identities into the public directory unless told to.
        options.Identity.PlcUrl ??= options.Server.DevMode ? null : new Uri(PublicDirectory);
    }

    private void RefuseImpossible(PdsOptions options)
    {
        if (!options.Server.DevMode && _settings.Text("PDS_HOSTNAME") is null)
        {
            _settings.Fault("PDS_HOSTNAME is missing. Identities made without it would name http://localhost for good: write the public host name, such as `pds.example.com`, or set PDS_DEV_MODE=true to try things out.");
        }

        if (options.Storage.BlobDirectory is not null && UsesS3)
        {
            _settings.Fault("PDS_BLOBSTORE_DISK_LOCATION and PDS_BLOBSTORE_S3_BUCKET exclude each other: remove one of them.");
        }

        if (_settings.Text("PDS_PLC_ROTATION_KEY_KMS_KEY_ID") is not null)
        {
            _settings.Fault("PDS_PLC_ROTATION_KEY_KMS_KEY_ID names a key in a key manager, which this server cannot use: it could sign no identity. Remove it and put the key itself into PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX.");
        }
    }
}
