using FluentValidation;
using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;

namespace Pds.Application.Accounts;

/// <summary>Makes a password for one program. Lexicon: <c>com.atproto.server.createAppPassword</c>.</summary>
[XrpcMethod("com.atproto.server.createAppPassword")]
[XrpcRestricted(MethodRestrictions.Protected)]
public sealed record CreateAppPasswordCommand(Caller Caller, CreateAppPasswordInput Input) : ICommand<CreateAppPasswordOutput>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full with { RefuseTakendown = true, LiveSession = true };
}

/// <summary>What the password is for.</summary>
/// <param name="Name">What its owner calls it, 1 to 64 characters; unique within the account.</param>
/// <param name="Privileged">Whether it opens direct messages, too.</param>
public sealed record CreateAppPasswordInput(string Name, bool? Privileged = null);

/// <summary>The password, shown this once.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Password">Sixteen characters in groups of four; the hyphens are part of it.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Privileged">Whether it opens direct messages, too.</param>
public sealed record CreateAppPasswordOutput(string Name, string Password, DateTimeOffset CreatedAt, bool Privileged)
{
    /// <summary>The name only: the password is secret.</summary>
    public override string ToString() => Name;
}

internal sealed class CreateAppPasswordValidator : AbstractValidator<CreateAppPasswordCommand>
{
    private const int MaxNameLength = 64;

    public CreateAppPasswordValidator() => RuleFor(command => command.Input.Name)
        .Must(name => name.Length is > 0 and <= MaxNameLength)
        .WithMessage($"name must have 1 to {MaxNameLength} characters");
}

internal sealed class CreateAppPasswordHandler(IAccountStore accounts, IAppPasswordStore passwords, IPasswordHasher hasher, TimeProvider time)
    : IRequestHandler<CreateAppPasswordCommand, CreateAppPasswordOutput>
{
    public async Task<CreateAppPasswordOutput> Handle(CreateAppPasswordCommand command, CancellationToken cancellationToken)
    {
        Account account = await accounts.RequireOwnAsync(command.Caller, cancellationToken);
        string password = AccountCodes.NewAppPassword();
        string hash = await hasher.HashAppPasswordAsync(account.Did, password, cancellationToken);
        var created = new AppPassword(command.Input.Name, time.GetUtcNow(), command.Input.Privileged is true);
        return await passwords.AddAsync(SignInProof.Of(account, command.Caller), created, hash, cancellationToken)
            ? new CreateAppPasswordOutput(created.Name, password, created.CreatedAt, created.Privileged)
            : throw new XrpcException(RequestErrors.InvalidRequest, "could not create app-specific password");
    }
}
