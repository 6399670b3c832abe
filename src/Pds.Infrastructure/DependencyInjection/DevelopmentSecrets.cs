using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Pds.Application.DependencyInjection;

namespace Pds.Infrastructure.DependencyInjection;

/// <summary>In development mode, makes the secrets that are not set and keeps them in <c>dev-settings.json</c> of the data directory, so that sessions outlive a restart.</summary>
internal sealed class DevelopmentSecrets : IPostConfigureOptions<PdsOptions>
{
    public const string FileName = "dev-settings.json";
    private const int SecretBytes = 16;
    private const int KeyBytes = 32;

    private static readonly JsonSerializerOptions Readable = new(JsonSerializerOptions.Web) { WriteIndented = true };

    public void PostConfigure(string? name, PdsOptions options)
    {
        if (!options.Server.DevMode || options.Storage.DataDirectory.Length == 0 || (options.Secrets.JwtSecret.Length > 0 && options.Secrets.AdminPassword.Length > 0 && options.Secrets.PlcRotationKey.Length > 0))
        {
            return;
        }

        Secrets secrets = ReadOrMake(Path.Combine(options.Storage.DataDirectory, FileName));
        options.Secrets.JwtSecret = options.Secrets.JwtSecret.Length > 0 ? options.Secrets.JwtSecret : secrets.JwtSecret;
        options.Secrets.AdminPassword = options.Secrets.AdminPassword.Length > 0 ? options.Secrets.AdminPassword : secrets.AdminPassword;
        options.Secrets.PlcRotationKey = options.Secrets.PlcRotationKey.Length > 0 ? options.Secrets.PlcRotationKey : secrets.PlcRotationKey;
    }

    private static Secrets ReadOrMake(string path)
    {
        if (File.Exists(path))
        {
            return JsonSerializer.Deserialize<Secrets>(File.ReadAllBytes(path), JsonSerializerOptions.Web)
                ?? throw new InvalidOperationException($"{path} holds no settings: delete it, and new ones are made.");
        }

        Secrets made = new(RandomHex(SecretBytes), RandomHex(SecretBytes), RandomHex(KeyBytes));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        FileStreamOptions onlyOwner = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            onlyOwner.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using FileStream file = new(path, onlyOwner);
        JsonSerializer.Serialize(file, made, Readable);
        return made;
    }

    private static string RandomHex(int bytes) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes));

    private sealed record Secrets(string JwtSecret, string AdminPassword, string PlcRotationKey);
}
