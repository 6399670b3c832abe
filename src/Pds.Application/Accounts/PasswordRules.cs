using Pds.Domain.Accounts;
using Pds.Domain.Errors;

namespace Pds.Application.Accounts;

/// <summary>How long a new password may be.</summary>
internal static class PasswordRules
{
    private const int MinLength = 8;
    private const int MaxLength = 256;

    /// <summary>Judges a password that replaces another.</summary>
    /// <exception cref="XrpcException">InvalidRequest.</exception>
    public static void CheckReplacement(string password)
    {
        if (password.Length is < MinLength or > MaxLength)
        {
            throw new XrpcException(RequestErrors.InvalidRequest, $"Invalid password length. It must have {MinLength} to {MaxLength} characters.");
        }
    }

    /// <summary>Judges a new password; none at all is fine.</summary>
    /// <exception cref="XrpcException">InvalidPassword.</exception>
    public static void Check(string? password)
    {
        if (password?.Length > MaxLength)
        {
            throw new XrpcException(AccountErrors.InvalidPassword, $"Password too long. Maximum length is {MaxLength} characters.");
        }

        if (password?.Length < MinLength)
        {
            throw new XrpcException(AccountErrors.InvalidPassword, $"Password too short. Minimum length is {MinLength} characters.");
        }
    }
}
