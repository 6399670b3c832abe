using Pds.Application.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.OAuth;

namespace Pds.Application.OAuth;

/// <summary>Decides what comes next for the user of an authorization request (spec 07 §5).</summary>
internal sealed class AuthorizationFlow(
    IAuthorizationRequestStore requests, IDeviceStore devices, ConsentCheck consents, IAccountStore accounts, OAuthClients clients, AuthorizationAnswers answers, TimeProvider time)
{
    /// <summary>The request of a page, which must be this browser's and not be over; looking at it keeps it alive.</summary>
    /// <exception cref="XrpcException">invalid_request: nothing of the kind.</exception>
    public async Task<AuthorizationRequest> RequireAsync(string requestId, string deviceId, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        return await requests.UpdateAsync(
            requestId,
            request => request.CodeHash is null && request.ExpiresAt > now && (request.DeviceId ?? deviceId) == deviceId
                ? request with { DeviceId = deviceId, ExpiresAt = now + OAuthTimes.Request }
                : throw Over(),
            cancellationToken) ?? throw Over();
    }

    /// <summary>What the user is to see, or the answer if nothing is to be asked.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Its client.</param>
    /// <param name="wish">Which page the user asked for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<AuthorizationStep> DecideAsync(AuthorizationRequest request, ClientMetadata client, AuthorizationWish wish, CancellationToken cancellationToken)
    {
        AuthorizationContext context = Describe(request, client);
        string? prompt = request.Parameters.Prompt;
        if (request.SignIn is { } proof && wish == AuthorizationWish.Next)
        {
            return await accounts.FindAsync(new AtIdentifier(proof.Account), cancellationToken) is { TakedownRef: null } chosen && proof.IsCurrent(chosen)
                ? await ContinueAsync(request, context, chosen, proof, cancellationToken)
                : new AuthorizationStep.SignIn(context, request.Parameters.LoginHint);
        }

        if (wish == AuthorizationWish.SignUp || (prompt == "create" && wish == AuthorizationWish.Next))
        {
            return new AuthorizationStep.SignUp(context);
        }

        List<AccountChoice> known = await ListAsync(request, cancellationToken);
        if (prompt == "none")
        {
            return await AnswerSilentlyAsync(request, context, known, cancellationToken);
        }

        if (prompt == "select_account" && known.Count == 0)
        {
            return new AuthorizationStep.Finished(await answers.RefuseAsync(request, OAuthErrors.AccountSelectionRequired, "No account is signed in", cancellationToken));
        }

        if (wish == AuthorizationWish.SignIn || prompt == "login" || known.Count == 0)
        {
            return new AuthorizationStep.SignIn(context, request.Parameters.LoginHint);
        }

        // As the reference server: a hint that names a remembered account leaves nothing to choose.
        if (context.IsAccountFixed && (prompt is null or "consent") && known is [{ } hinted])
        {
            return await FindSignInAsync(request, hinted.Did, cancellationToken) is { } remembered
                ? await GoOnAsync(request, client, remembered, cancellationToken)
                : new AuthorizationStep.SignIn(context, request.Parameters.LoginHint);
        }

        return new AuthorizationStep.Choose(context, known);
    }

    /// <summary>What all pages of a request show.</summary>
    public AuthorizationContext Describe(AuthorizationRequest request, ClientMetadata client) =>
        new(request.Id, client, clients.IsTrusted(client), request.Parameters.UiLocales, request.Parameters.LoginHint is not null);

    /// <summary>Goes on with an account whose owner is here.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Its client.</param>
    /// <param name="proof">What the sign-in was judged by.</param>
    /// <param name="remember">Whether the browser shall remember the sign-in.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<AuthorizationStep> SignInAsync(AuthorizationRequest request, ClientMetadata client, SignInProof proof, bool remember, CancellationToken cancellationToken)
    {
        if (remember)
        {
            await devices.RememberAsync(request.DeviceId!, proof, time.GetUtcNow(), cancellationToken);
        }

        return await GoOnAsync(request, client, proof, cancellationToken);
    }

    /// <summary>The sign-in by which an account can be gone on with: this browser remembers it, it was not long ago, and the request is for it; <see langword="null"/> otherwise.</summary>
    public async ValueTask<SignInProof?> FindSignInAsync(AuthorizationRequest request, Did did, CancellationToken cancellationToken) =>
        await accounts.FindAsync(new AtIdentifier(did), cancellationToken) is { } account
        && (await ListAsync(request, cancellationToken)).Exists(known => known.Did == did && !known.NeedsPassword)
            ? ProofHere(request, account)
            : null;

    /// <summary>Whether an account is the one that the client asks for, if it asks for one.</summary>
    public static bool IsHinted(Account account, string? hint) => hint is null || hint == account.Did.ToString() || hint == account.Handle?.ToString();

    /// <summary>Requires that a form is about the account that the request goes on with: another page may have chosen one since.</summary>
    /// <returns>What the sign-in was judged by.</returns>
    /// <exception cref="XrpcException">invalid_request.</exception>
    public static SignInProof RequireChosen(AuthorizationRequest request, Did? account) => request.SignIn is { } proof && proof.Account == account
        ? proof
        : throw new XrpcException(OAuthErrors.InvalidRequest, "Another account was chosen in the meantime. Go back to the application and start again.");

    private static XrpcException Over() => new(OAuthErrors.InvalidRequest, "This request is over, or was opened in another browser. Go back to the application and start again.");

    /// <summary>That this browser remembers the sign-in.</summary>
    private static SignInProof ProofHere(AuthorizationRequest request, Account account) => SignInProof.Of(account).By(new SignInCredential.Browser(request.DeviceId!));

    private async Task<AuthorizationStep> GoOnAsync(AuthorizationRequest request, ClientMetadata client, SignInProof proof, CancellationToken cancellationToken)
    {
        AuthorizationRequest? signedIn = await requests.UpdateAsync(request.Id, current => current with { SignIn = proof }, cancellationToken);
        return await DecideAsync(signedIn ?? throw Over(), client, AuthorizationWish.Next, cancellationToken);
    }

    private async Task<AuthorizationStep> ContinueAsync(
        AuthorizationRequest request, AuthorizationContext context, Account account, SignInProof proof, CancellationToken cancellationToken)
    {
        if (!account.IsActive)
        {
            return new AuthorizationStep.Reactivate(context, new AccountChoice(account.Did, account.ShownHandle.ToString(), NeedsPassword: false, IsDeactivated: true));
        }

        if (!await consents.IsNeededAsync(request, account.Did, cancellationToken))
        {
            return new AuthorizationStep.Finished(await answers.ApproveAsync(request, context.Client, proof, request.Parameters.Scope, cancellationToken));
        }

        try
        {
            return await consents.AskAsync(request, context, account, cancellationToken);
        }
        catch (XrpcException refusal) when (refusal.Error == OAuthErrors.InvalidScope)
        {
            return new AuthorizationStep.Finished(await answers.RefuseAsync(request, refusal.Error, refusal.Message, cancellationToken));
        }
    }

    /// <summary>A silent request must name its account.</summary>
    private async Task<AuthorizationStep> AnswerSilentlyAsync(
        AuthorizationRequest request, AuthorizationContext context, List<AccountChoice> known, CancellationToken cancellationToken)
    {
        List<AccountChoice> named = request.Parameters.LoginHint is null ? [] : known.FindAll(account => !account.IsDeactivated);
        (XrpcError Error, string Message)? refusal = named switch
        {
            [] or [{ NeedsPassword: true }] => (OAuthErrors.LoginRequired, "The user must sign in"),
            [_] => await consents.IsNeededAsync(request, named[0].Did, cancellationToken) ? (OAuthErrors.ConsentRequired, "The user must consent") : null,
            _ => (OAuthErrors.AccountSelectionRequired, "The user must choose an account"),
        };
        Account? account = refusal is null ? await accounts.FindAsync(new AtIdentifier(named[0].Did), cancellationToken) : null;
        return new AuthorizationStep.Finished(account is null
            ? await answers.RefuseAsync(request, refusal?.Error ?? OAuthErrors.LoginRequired, refusal?.Message ?? "The user must sign in", cancellationToken)
            : await answers.ApproveAsync(request, context.Client, ProofHere(request, account), request.Parameters.Scope, cancellationToken));
    }

    /// <summary>The accounts signed in to on this browser that the hint allows.</summary>
    private async Task<List<AccountChoice>> ListAsync(AuthorizationRequest request, CancellationToken cancellationToken)
    {
        TimeSpan age = request.Parameters.MaxAge is { } seconds && seconds < OAuthTimes.SignIn.TotalSeconds ? TimeSpan.FromSeconds(seconds) : OAuthTimes.SignIn;
        DateTimeOffset fresh = time.GetUtcNow() - age;
        List<AccountChoice> known = [];
        foreach (DeviceAccount signedIn in await devices.ListAccountsAsync(request.DeviceId!, cancellationToken))
        {
            if (await accounts.FindAsync(new AtIdentifier(signedIn.Did), cancellationToken) is { TakedownRef: null } account && IsHinted(account, request.Parameters.LoginHint))
            {
                known.Add(new AccountChoice(account.Did, account.ShownHandle.ToString(), signedIn.SignedInAt <= fresh, !account.IsActive));
            }
        }

        return known;
    }
}
