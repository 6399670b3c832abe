using System.Text.Json;
using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.Domain.OAuth;

namespace Pds.Application.Identity;

/// <summary>Signs a change of the caller's identity with the server's rotation key, and does not submit it. Lexicon: <c>com.atproto.identity.signPlcOperation</c>.</summary>
[XrpcMethod("com.atproto.identity.signPlcOperation")]
[XrpcRestricted(MethodRestrictions.Protected)]
public sealed record SignPlcOperationCommand(Caller Caller, SignPlcOperationInput Input) : ICommand<SignPlcOperationOutput>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full with { AllowTakendownSession = true, Scoped = [new ScopeDemand.Identity("*")] };
}

/// <summary>What shall change. Each part that is given replaces the present one wholly.</summary>
public sealed record SignPlcOperationInput
{
    /// <summary>The token from the mailbox; required.</summary>
    public string? Token { get; init; }

    /// <summary>Keys that may change the identity, strongest first.</summary>
    public IReadOnlyList<string>? RotationKeys { get; init; }

    /// <summary>Aliases, the handle first.</summary>
    public IReadOnlyList<string>? AlsoKnownAs { get; init; }

    /// <summary>Keys by name, as an object of <c>did:key</c>.</summary>
    public JsonElement? VerificationMethods { get; init; }

    /// <summary>Services by name, as an object of objects with <c>type</c> and <c>endpoint</c>.</summary>
    public JsonElement? Services { get; init; }

    /// <summary>Nothing: the token is secret.</summary>
    public override string ToString() => nameof(SignPlcOperationInput);
}

/// <summary>The signed operation.</summary>
/// <param name="Operation">As the directory takes it.</param>
public sealed record SignPlcOperationOutput(JsonElement Operation);

internal sealed class SignPlcOperationHandler(IPlcDirectory directory, EmailTokens tokens, ServerIdentity server)
    : IRequestHandler<SignPlcOperationCommand, SignPlcOperationOutput>
{
    public async Task<SignPlcOperationOutput> Handle(SignPlcOperationCommand command, CancellationToken cancellationToken)
    {
        SignPlcOperationInput input = command.Input;
        Did did = command.Caller.Account!.Value;
        did.RequirePlc();
        if (string.IsNullOrWhiteSpace(input.Token))
        {
            throw Refusal("email confirmation token required to sign PLC operations");
        }

        // An operation that is not valid does not use up the token, so everything is judged first; but the directory is asked only for somebody with a token.
        IReadOnlyList<string>? rotationKeys = RequireTexts(input.RotationKeys, "rotationKeys");
        IReadOnlyList<string>? aliases = RequireTexts(input.AlsoKnownAs, "alsoKnownAs");
        Dictionary<string, string>? methods = Read(input.VerificationMethods, "verificationMethods", AsText);
        Dictionary<string, PlcService>? services = Read(input.Services, "services", AsService);
        await tokens.RequireAsync(EmailTokenPurpose.PlcOperation, did, input.Token, cancellationToken);
        PlcOperation last = await directory.RequireLastAsync(did, cancellationToken);
        PlcData data = last.Data! with
        {
            RotationKeys = rotationKeys ?? last.Data.RotationKeys,
            AlsoKnownAs = aliases ?? last.Data.AlsoKnownAs,
            VerificationMethods = methods ?? last.Data.VerificationMethods,
            Services = services ?? last.Data.Services,
        };
        PlcOperation operation = server.SignUpdate(last, data);
        if (PlcLimits.FindFault(operation) is { } fault)
        {
            throw Refusal(fault);
        }

        await tokens.ConsumeAsync(EmailTokenPurpose.PlcOperation, did, input.Token, cancellationToken);
        using var json = JsonDocument.Parse(operation.ToJson());
        return new SignPlcOperationOutput(json.RootElement.Clone());
    }

    private static XrpcException Refusal(string message) => new(RequestErrors.InvalidRequest, message);

    private static IReadOnlyList<string>? RequireTexts(IReadOnlyList<string?>? values, string name) =>
        values is null ? null : [.. values.Select(value => value ?? throw Refusal($"{name} must hold text"))];

    private static Dictionary<string, T>? Read<T>(JsonElement? map, string name, Func<JsonElement, T?> read)
        where T : class
    {
        if (map is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } given)
        {
            return null;
        }

        if (given.ValueKind != JsonValueKind.Object)
        {
            throw Refusal($"{name} must be an object");
        }

        try
        {
            return given.EnumerateObject().ToDictionary(
                property => property.Name,
                property => read(property.Value) ?? throw Refusal($"{name} has a member that is not what it should be"),
                StringComparer.Ordinal);
        }
        catch (InvalidOperationException)
        {
            // text that is not Unicode, found only when it is asked for
            throw Refusal($"{name} has a member that is not Unicode");
        }
    }

    private static string? AsText(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static PlcService? AsService(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object
        && value.TryGetProperty("type", out JsonElement type) && AsText(type) is { } typeName
        && value.TryGetProperty("endpoint", out JsonElement endpoint) && AsText(endpoint) is { } url
            ? new PlcService(typeName, url)
            : null;
}
