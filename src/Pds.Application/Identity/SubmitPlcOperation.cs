using System.Text;
using System.Text.Json;
using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Crypto;
using Pds.Application.Pipeline;
using Pds.Domain.Crypto;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.Domain.OAuth;
using Pds.Domain.Sync;

namespace Pds.Application.Identity;

/// <summary>
/// Passes a signed operation on the caller's identity to the directory, if this server can serve the identity afterwards.
/// Lexicon: <c>com.atproto.identity.submitPlcOperation</c>.
/// </summary>
[XrpcMethod("com.atproto.identity.submitPlcOperation")]
public sealed record SubmitPlcOperationCommand(Caller Caller, SubmitPlcOperationInput Input) : ICommand<Unit>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Standard.OrScoped(new ScopeDemand.Identity("*"));
}

/// <summary>The signed operation.</summary>
/// <param name="Operation">As the directory takes it.</param>
public sealed record SubmitPlcOperationInput(JsonElement Operation);

internal sealed class SubmitPlcOperationHandler(IAccountStore accounts, ISigningKeys keys, ServerIdentity server, IPlcDirectory directory, IDidResolver resolver)
    : IRequestHandler<SubmitPlcOperationCommand, Unit>
{
    public async Task<Unit> Handle(SubmitPlcOperationCommand command, CancellationToken cancellationToken)
    {
        Account account = await accounts.RequireOwnAsync(command.Caller, cancellationToken);
        Did did = account.Did;
        did.RequirePlc();
        PlcOperation operation = Read(command.Input.Operation);
        PublicKey signingKey = (await keys.GetAsync(did, cancellationToken)).PublicKey;
        Check(operation.Data!, server.Describe(account.ShownHandle, signingKey, recoveryKey: null), account.Handle);
        await directory.SubmitAsync(did, operation, cancellationToken);

        // From here on it has to be finished: the identity has changed.
        await accounts.UpdateAsync(did, current => new(current, [new IdentityEvent(did, null)]), CancellationToken.None);
        await resolver.TryRefreshAsync(did, cancellationToken);
        return Unit.Value;
    }

    private static XrpcException Refusal(string message) => new(RequestErrors.InvalidRequest, message);

    private static PlcOperation Read(JsonElement json)
    {
        try
        {
            var operation = PlcOperation.FromJson(Encoding.UTF8.GetBytes(json.GetRawText()));
            return operation is { IsTombstone: false, IsLegacy: false } ? operation : throw Refusal("Invalid operation");
        }
        catch (FormatException)
        {
            throw Refusal("Invalid operation");
        }
    }

    /// <summary>In the order that clients know. Whose rotation keys there are is their owner's affair.</summary>
    private static void Check(PlcData given, PlcData wanted, Handle? handle)
    {
        PlcService? home = given.Services.GetValueOrDefault("atproto_pds");
        PlcService ours = wanted.Services["atproto_pds"];
        if (home?.Type != ours.Type)
        {
            throw Refusal("Incorrect type on atproto_pds service");
        }

        if (home.Endpoint != ours.Endpoint)
        {
            throw Refusal("Incorrect endpoint on atproto_pds service");
        }

        if (given.VerificationMethods.GetValueOrDefault("atproto") != wanted.VerificationMethods["atproto"])
        {
            throw Refusal("Incorrect signing key");
        }

        if (handle is not null && !given.AlsoKnownAs.Take(1).SequenceEqual(wanted.AlsoKnownAs, StringComparer.Ordinal))
        {
            throw Refusal("Incorrect handle in alsoKnownAs");
        }
    }
}
