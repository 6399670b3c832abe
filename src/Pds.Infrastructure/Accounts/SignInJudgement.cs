using Pds.Application.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Factors;
using Pds.Infrastructure.OAuth;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Accounts;

/// <summary>Judges proofs of sign-ins inside the transaction that keeps what they lead to.</summary>
internal static class SignInJudgement
{
    /// <summary>Requires that a proof still holds.</summary>
    /// <exception cref="XrpcException">AuthenticationRequired.</exception>
    public static void Require(this PdsDbContext context, SignInProof proof)
    {
        Did did = proof.Account;
        long epoch = proof.Epoch;
        if (!context.Set<AccountRow>().Any(row => row.Did == did && row.SignInEpoch == epoch) || !IsThere(context, did, proof.Credential))
        {
            throw SignInProof.Over();
        }
    }

    private static bool IsThere(PdsDbContext context, Did did, SignInCredential? credential) => credential switch
    {
        null => true,
        SignInCredential.AppPassword password =>
            context.Set<AppPasswordRow>().Any(row => row.Did == did && row.Name == password.Name && row.PasswordHash == password.Hash),
        SignInCredential.Passkey passkey => context.Set<PasskeyRow>().Any(row => row.Did == did && row.Id == passkey.Id),
        SignInCredential.Browser browser => context.Set<DeviceAccountRow>().Any(row => row.Did == did && row.DeviceId == browser.DeviceId),
        SignInCredential.Session session => context.Set<RefreshTokenRow>().Any(row => row.Did == did && row.Id == session.RefreshTokenId),
        _ => throw new ArgumentOutOfRangeException(nameof(credential)),
    };
}
