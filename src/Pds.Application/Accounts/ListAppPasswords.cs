using MediatR;
using Pds.Application.Pipeline;

namespace Pds.Application.Accounts;

/// <summary>Lists the caller's app passwords, without their secrets. Lexicon: <c>com.atproto.server.listAppPasswords</c>.</summary>
[XrpcMethod("com.atproto.server.listAppPasswords")]
[XrpcRestricted(MethodRestrictions.Protected)]
public sealed record ListAppPasswordsQuery(Caller Caller) : IQuery<ListAppPasswordsOutput>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Standard;
}

/// <summary>The app passwords of an account.</summary>
/// <param name="Passwords">Newest first.</param>
public sealed record ListAppPasswordsOutput(IReadOnlyList<AppPassword> Passwords);

internal sealed class ListAppPasswordsHandler(IAppPasswordStore passwords) : IRequestHandler<ListAppPasswordsQuery, ListAppPasswordsOutput>
{
    public async Task<ListAppPasswordsOutput> Handle(ListAppPasswordsQuery query, CancellationToken cancellationToken) =>
        new(await passwords.ListAsync(query.Caller.Account!.Value, cancellationToken));
}
