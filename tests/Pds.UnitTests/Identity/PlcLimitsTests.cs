using Pds.Domain.Crypto;
using Pds.Domain.Identity;
using Pds.UnitTests.Crypto;

namespace Pds.UnitTests.Identity;

internal sealed class PlcLimitsTests
{
    [Test]
    public void FindFault_WhenNothingIsWrong_IsNull()
    {
        Assert.That(Fault(GivenPlc.Data()), Is.Null);
        Assert.That(PlcLimits.FindFault(PlcOperation.SignTombstone(GivenPlc.Genesis().Cid, GivenKeys.Rotation())), Is.Null);
    }

    [Test]
    public void FindFault_WhenRotationKeysBreakARule_TellsSo()
    {
        ISigner[] eleven = [.. Enumerable.Range(1, 11).Select(i => GivenKeys.Small((byte)i))];

        Assert.That(Fault(GivenPlc.Data() with { RotationKeys = [] }), Does.Contain("at least one"));
        Assert.That(Fault(GivenPlc.Data(rotationKeys: eleven)), Does.Contain("more than 10"));
        Assert.That(Fault(GivenPlc.Data(rotationKeys: eleven[..10])), Is.Null);
        Assert.That(Fault(GivenPlc.Data() with { RotationKeys = ["did:key:zXyz"] }), Does.Contain("did:key"));
        Assert.That(Fault(GivenPlc.Data(rotationKeys: [eleven[0], eleven[0]])), Does.Contain("twice"));
    }

    [Test]
    public void FindFault_WhenAliasesBreakARule_TellsSo()
    {
        Assert.That(Fault(GivenPlc.Data() with { AlsoKnownAs = [.. Enumerable.Range(0, 11).Select(i => $"at://a{i}.test")] }), Does.Contain("more than 10"));
        Assert.That(Fault(GivenPlc.Data() with { AlsoKnownAs = [new string('a', 259)] }), Does.Contain("longer"));
        Assert.That(Fault(GivenPlc.Data() with { AlsoKnownAs = [new string('a', 258)] }), Is.Null);
        Assert.That(Fault(GivenPlc.Data() with { AlsoKnownAs = ["at://a.test", "at://a.test"] }), Does.Contain("twice"));
    }

    [Test]
    public void FindFault_WhenServicesBreakARule_TellsSo()
    {
        Assert.That(Fault(WithServices(11, _ => ("s", "t", "e"))), Does.Contain("more than 10"));
        Assert.That(Fault(WithServices(1, _ => (new string('s', 33), "t", "e"))), Does.Contain("name"));
        Assert.That(Fault(WithServices(1, _ => ("s", new string('t', 257), "e"))), Does.Contain("type"));
        Assert.That(Fault(WithServices(1, _ => ("s", "t", new string('e', 513)))), Does.Contain("endpoint"));
        Assert.That(Fault(WithServices(1, _ => (new string('s', 31), new string('t', 256), new string('e', 512)))), Is.Null);
    }

    [Test]
    public void FindFault_WhenVerificationMethodsBreakARule_TellsSo()
    {
        Assert.That(Fault(WithMethods(11, "k", GivenKeys.SigningDidKey)), Does.Contain("more than 10"));
        Assert.That(Fault(WithMethods(1, new string('k', 33), GivenKeys.SigningDidKey)), Does.Contain("name"));
        Assert.That(Fault(WithMethods(1, "k", "z6Mk")), Does.Contain("did:key"));
        Assert.That(Fault(WithMethods(1, "k", "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK")), Is.Null);
    }

    [Test]
    public void FindFault_WhenOperationIsTooLarge_TellsSo() =>
        Assert.That(Fault(WithServices(9, _ => ("s", new string('t', 256), new string('e', 512)))), Does.Contain("4000 bytes"));

    private static string? Fault(PlcData data) => PlcLimits.FindFault(PlcOperation.SignGenesis(data, GivenKeys.Rotation()));

    private static PlcData WithServices(int count, Func<int, (string Name, string Type, string Endpoint)> service) => GivenPlc.Data() with
    {
        Services = Enumerable.Range(0, count).ToDictionary(i => service(i).Name + i, i => new PlcService(service(i).Type, service(i).Endpoint), StringComparer.Ordinal),
    };

    private static PlcData WithMethods(int count, string name, string key) => GivenPlc.Data() with
    {
        VerificationMethods = Enumerable.Range(0, count).ToDictionary(i => count == 1 ? name : name + i, _ => key, StringComparer.Ordinal),
    };
}
