using Pds.Application.Proxying;
using Pds.Domain.Identifiers;

namespace Pds.UnitTests.Proxying;

internal sealed class SignedCallsTests
{
    [TestCase("", "")]
    [TestCase("?a=b%20c&d=~!", "?a=b%20c&d=~!")]
    [TestCase("?a=b#c", "?a=b%23c")]
    [TestCase("?a=\u0001\u007f \u00e9", "?a=%01%7F%20%C3%A9", TestName = "AddressOf_ControlBytesAndForeignLetters_AreEscaped")]
    public void AddressOf_WhatNoQueryMayHave_IsEscapedAndTheRestIsNot(string query, string sent)
    {
        Uri address = SignedCalls.AddressOf(new Uri("https://service.example.com/ignored"), Nsid.Parse("com.example.method"), query);

        Assert.That(address.PathAndQuery, Is.EqualTo($"/xrpc/com.example.method{sent}"));
        Assert.That(address.Fragment, Is.Empty);
    }
}
