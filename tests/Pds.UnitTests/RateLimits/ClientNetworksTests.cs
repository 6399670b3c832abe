using System.Net;
using Pds.Api.RateLimits;
using Pds.Application.Settings;

namespace Pds.UnitTests.RateLimits;

internal sealed class ClientNetworksTests
{
    [TestCase("203.0.113.7", "203.0.113.7", true)]
    [TestCase("203.0.113.7", "::ffff:203.0.113.7", true)]
    [TestCase("203.0.113.7", "203.0.113.8", false)]
    [TestCase("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [TestCase("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void Find_OfTwoAddresses_IsOneForAClient(string first, string second, bool isOne)
    {
        ClientNetworks networks = new(new RateLimitSettings());

        UInt128[] found = [networks.Find(IPAddress.Parse(first)), networks.Find(IPAddress.Parse(second))];

        Assert.That(found, Has.None.EqualTo(UInt128.Zero));
        Assert.That(found[0] == found[1], Is.EqualTo(isOne));
    }

    [TestCase(null)]
    [TestCase("127.0.0.1")]
    [TestCase("127.9.9.9")]
    [TestCase("::1")]
    [TestCase("::ffff:127.0.0.1")]
    [TestCase("10.1.2.3")]
    [TestCase("172.31.0.1")]
    [TestCase("192.168.1.1")]
    [TestCase("169.254.1.1")]
    [TestCase("fe80::1")]
    [TestCase("fd00::1")]
    [TestCase("198.51.100.9")]
    public void Find_OfTheOperatorsOwn_IsNone(string? address)
    {
        ClientNetworks networks = new(new RateLimitSettings { BypassIps = { "198.51.100.0/24" } });

        UInt128 found = networks.Find(address is null ? null : IPAddress.Parse(address));

        Assert.That(found, Is.EqualTo(UInt128.Zero));
    }

    [TestCase("172.32.0.1")]
    [TestCase("11.0.0.1")]
    [TestCase("fe00::1")]
    [TestCase("2001:db8::1")]
    public void Find_OfANeighbour_IsOne(string address)
    {
        ClientNetworks networks = new(new RateLimitSettings());

        UInt128 found = networks.Find(IPAddress.Parse(address));

        Assert.That(found, Is.Not.EqualTo(UInt128.Zero));
    }
}
