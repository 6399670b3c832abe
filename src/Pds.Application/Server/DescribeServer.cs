using MediatR;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Domain.Identifiers;

namespace Pds.Application.Server;

/// <summary>Tells what the server offers. Lexicon: <c>com.atproto.server.describeServer</c>. Relays ask it before they accept a host.</summary>
[XrpcMethod("com.atproto.server.describeServer")]
public sealed record DescribeServerQuery : IQuery<DescribeServerOutput>, IAnonymousRequest;

/// <summary>What the server offers.</summary>
public sealed record DescribeServerOutput
{
    /// <summary>DID of the server.</summary>
    public required Did Did { get; init; }

    /// <summary>Domains for new handles, each with a leading dot.</summary>
    public required IReadOnlyList<string> AvailableUserDomains { get; init; }

    /// <summary>Whether sign-up needs an invite code.</summary>
    public required bool InviteCodeRequired { get; init; }

    /// <summary>Never: telephone numbers are not verified here.</summary>
    public bool PhoneVerificationRequired => false;

    /// <summary>Largest blob in bytes. Not in the lexicon; the reference tells it and clients read it.</summary>
    public required long BlobUploadLimit { get; init; }

    /// <summary>Always present, if without members.</summary>
    public required ServerLinks Links { get; init; }

    /// <summary>Always present, if without members.</summary>
    public required ServerContact Contact { get; init; }
}

/// <summary>Documents about the service.</summary>
/// <param name="PrivacyPolicy">URL of the privacy policy.</param>
/// <param name="TermsOfService">URL of the terms of service.</param>
public sealed record ServerLinks(string? PrivacyPolicy, string? TermsOfService);

/// <summary>How to reach the operator.</summary>
/// <param name="Email">E-mail address.</param>
public sealed record ServerContact(string? Email);

internal sealed class DescribeServerHandler(DescribedServer described) : IRequestHandler<DescribeServerQuery, DescribeServerOutput>
{
    public Task<DescribeServerOutput> Handle(DescribeServerQuery query, CancellationToken cancellationToken) => described.Answer;
}

/// <summary>The answer follows from the settings alone, so it is made once.</summary>
internal sealed class DescribedServer(ServerSettings server, AccountSettings accounts, BlobSettings blobs, BrandingSettings branding)
{
    public Task<DescribeServerOutput> Answer { get; } = Task.FromResult(new DescribeServerOutput
    {
        Did = server.ServiceIdentity,
        AvailableUserDomains = server.HandleDomains,
        InviteCodeRequired = accounts.InviteRequired,
        BlobUploadLimit = blobs.UploadLimit,
        Links = new(branding.PrivacyPolicyUrl?.OriginalString, branding.TermsOfServiceUrl?.OriginalString),
        Contact = new(branding.ContactEmail),
    });
}
