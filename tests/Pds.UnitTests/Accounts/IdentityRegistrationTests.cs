using Microsoft.Extensions.Logging.Abstractions;
using Pds.Application.Accounts;
using Pds.Application.Identity;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.UnitTests.Crypto;

namespace Pds.UnitTests.Accounts;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class IdentityRegistrationTests
{
    private readonly RecordingDirectory _directory = new();

    // Pitfall G 138.
    [Test]
    public void Prepare_OrdersRotationKeysByPower()
    {
        IdentityRegistration.Pending identity = Prepare();

        Assert.That(identity.Genesis.Data!.RotationKeys, Is.EqualTo([GivenKeys.Small(3).PublicKey.ToDidKey(), GivenKeys.RotationDidKey]));
        Assert.That(_directory.Submitted, Is.Empty);
    }

    [Test]
    public async Task Register_WhenTheAccountIsKept_LeavesTheIdentity()
    {
        IdentityRegistration.Pending identity = Prepare();

        await Registration().RegisterAsync(identity, () => Task.CompletedTask, CancellationToken.None);

        Assert.That(_directory.Submitted, Is.EqualTo([(identity.Did, identity.Genesis)]));
    }

    [Test]
    public void Register_WhenTheAccountIsRefused_BuriesTheIdentityAndSaysWhy()
    {
        IdentityRegistration.Pending identity = Prepare();
        var refusal = new XrpcException(AccountErrors.HandleNotAvailable, "taken");

        Assert.That(
            async () => await Registration().RegisterAsync(identity, () => Task.FromException(refusal), CancellationToken.None), Throws.Exception.SameAs(refusal));

        PlcOperation tombstone = _directory.Submitted[^1].Operation;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_directory.Submitted, Has.Count.EqualTo(2));
            Assert.That(tombstone.IsTombstone, Is.True);
            Assert.That(tombstone.Prev, Is.EqualTo(identity.Genesis.Cid));
            Assert.That(tombstone.IsSignedBy(GivenKeys.Rotation().PublicKey, GivenKeys.Verifier), Is.True);
        }
    }

    [Test]
    public void Register_WhenTheDirectoryRefuses_KeepsNothing()
    {
        _directory.Refusal = new XrpcException(RequestErrors.UpstreamFailure, "out of order");
        bool kept = false;

        Assert.That(
            async () => await Registration().RegisterAsync(
                Prepare(),
                () =>
                {
                    kept = true;
                    return Task.CompletedTask;
                },
                CancellationToken.None),
            Throws.Exception.SameAs(_directory.Refusal));

        Assert.That(kept, Is.False);
    }

    private static IdentityRegistration.Pending PrepareWith(IdentityRegistration registration) =>
        registration.Prepare(Handle.Parse("alice.test"), GivenKeys.Small(2).PublicKey, GivenKeys.Small(3).PublicKey.ToDidKey());

    private IdentityRegistration.Pending Prepare() => PrepareWith(Registration());

    private IdentityRegistration Registration() => new(GivenTokens.Server(), _directory, NullLogger<IdentityRegistration>.Instance);

    private sealed class RecordingDirectory : IPlcDirectory
    {
        public List<(Did Did, PlcOperation Operation)> Submitted { get; } = [];

        public XrpcException? Refusal { get; set; }

        public Task SubmitAsync(Did did, PlcOperation operation, CancellationToken cancellationToken)
        {
            Submitted.Add((did, operation));
            return Refusal is null ? Task.CompletedTask : Task.FromException(Refusal);
        }

        public Task<PlcOperation?> FindLastAsync(Did did, CancellationToken cancellationToken) =>
            Task.FromResult<PlcOperation?>(Submitted.LastOrDefault(entry => entry.Did == did).Operation);
    }
}
