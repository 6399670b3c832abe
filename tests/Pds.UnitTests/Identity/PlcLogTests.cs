using System.Buffers.Text;
using System.Numerics;
using System.Text;
using Pds.Domain.Crypto;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.UnitTests.Crypto;

namespace Pds.UnitTests.Identity;

internal sealed class PlcLogTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ISigner Strong = GivenKeys.Small(21);
    private static readonly ISigner Middle = GivenKeys.Small(22, KeyCurve.P256);
    private static readonly ISigner Weak = GivenKeys.Small(23);

    private readonly PlcOperation _genesis = PlcOperation.SignGenesis(Data("genesis"), Weak);

    private Did Did => _genesis.DeriveDid();

    private IReadOnlyList<PlcLogEntry> Begun => Append([], _genesis, Start);

    [Test]
    public void Append_OfAGenesis_BeginsTheLog()
    {
        IReadOnlyList<PlcLogEntry> log = Begun;

        Assert.That(log, Is.EqualTo(new[] { new PlcLogEntry(_genesis, Start, Nullified: false) }));
        Assert.That(PlcLog.FindLast(log)!.Operation, Is.SameAs(_genesis));
        Assert.That(PlcLog.FindLast([]), Is.Null);
    }

    [Test]
    public void Append_OfPublishedOperations_AcceptsThem()
    {
        var did = Did.Parse("did:plc:z72i7hdynmk6r22z27h6tvur");
        PlcOperation genesis = Published(
            "9NuYV7AqwHVTc0YuWzNV3CJafsSZWH7qCxHRUIP2xWlB-YexXC1OaYAnUayiCXLVzRQ8WBXIqF-SvZdNalwcjA", "null", "bluesky-team.bsky.social");
        PlcOperation update = Published(
            "1mEWzRtFOgeRXH-YCSPTxb990JOXxa__n8Qw6BOKl7Ndm6OFFmwYKiiMqMCpAbxpnGjF5abfIsKc7u3a77Cbnw",
            "\"bafyreigp6shzy6dlcxuowwoxz7u5nemdrkad2my5zwzpwilcnhih7bw6zm\"",
            "bsky.app");

        IReadOnlyList<PlcLogEntry> log = PlcLog.Append([], did, genesis, Start, GivenKeys.Verifier);
        log = PlcLog.Append(log, did, update, Start.AddHours(12), GivenKeys.Verifier);

        Assert.That(log[0].Operation.Cid.ToString(), Is.EqualTo("bafyreigp6shzy6dlcxuowwoxz7u5nemdrkad2my5zwzpwilcnhih7bw6zm"));
        Assert.That(log[1].Operation.Cid.ToString(), Is.EqualTo("bafyreihmuvr3frdvd6vmdhucih277prdcfcezf67lasg5oekxoimnunjoq"));
    }

    [Test]
    public void Append_OfAGenesisOfAnotherDid_IsRefused() => Assert.That(
        () => PlcLog.Append([], Did.Parse("did:plc:ewvi7nxzyoun6zhxrhs64oiz"), _genesis, Start, GivenKeys.Verifier), Throws.InstanceOf<PlcException>());

    [Test]
    public void Append_OfAGenesisSignedByAStranger_IsRefused()
    {
        PlcOperation genesis = PlcOperation.SignGenesis(Data("genesis"), GivenKeys.Small(99));

        Assert.That(() => PlcLog.Append([], genesis.DeriveDid(), genesis, Start, GivenKeys.Verifier), Throws.InstanceOf<PlcException>());
    }

    [Test]
    public void Append_OfAnUpdateToAnEmptyLog_IsRefused() => ShouldRefuse([], PlcOperation.SignUpdate(Data("a"), _genesis.Cid, Weak), Start);

    [Test]
    public void Append_OfASecondGenesis_IsRefused() => ShouldRefuse(Begun, _genesis, Start);

    [Test]
    public void Append_OfAnUpdateByAnyRotationKey_IsAccepted()
    {
        IReadOnlyList<PlcLogEntry> log = Begun;

        foreach (ISigner key in new[] { Weak, Strong, Middle })
        {
            log = Append(log, PlcOperation.SignUpdate(Data("by " + key.PublicKey), PlcLog.FindLast(log)!.Operation.Cid, key), Start);
        }

        Assert.That(log, Has.Count.EqualTo(4));
        Assert.That(log.Any(entry => entry.Nullified), Is.False);
    }

    [Test]
    public void Append_OfAnUpdateByAKeyGivenUp_IsRefused()
    {
        PlcOperation handover = PlcOperation.SignUpdate(GivenPlc.Data("b", Strong), _genesis.Cid, Weak);
        IReadOnlyList<PlcLogEntry> log = Append(Begun, handover, Start);

        ShouldRefuse(log, PlcOperation.SignUpdate(Data("c"), handover.Cid, Weak), Start);
    }

    [Test]
    public void Append_WhenPrevIsUnknown_IsRefused() =>
        ShouldRefuse(Begun, PlcOperation.SignUpdate(Data("a"), GivenPlc.Genesis().Cid, Weak), Start);

    [Test]
    public void Append_WhenSignatureIsHighS_IsRefused()
    {
        PlcOperation update = PlcOperation.SignUpdate(Data("a"), _genesis.Cid, Weak);
        PlcOperation flipped = PlcOperation.FromParts(update.Data, update.Prev, FlipS(update.Signature));

        ShouldRefuse(Begun, flipped, Start);
    }

    [Test]
    public void Append_WithinTheWindowByAStrongerKey_NullifiesWhatFollowed()
    {
        PlcOperation theft = PlcOperation.SignUpdate(GivenPlc.Data("stolen", Weak), _genesis.Cid, Weak);
        PlcOperation more = PlcOperation.SignUpdate(GivenPlc.Data("stolen again", Weak), theft.Cid, Weak);
        PlcOperation rescue = PlcOperation.SignUpdate(Data("rescued"), _genesis.Cid, Middle);
        IReadOnlyList<PlcLogEntry> log = Append(Append(Begun, theft, Start), more, Start.AddHours(50));

        log = Append(log, rescue, Start.AddHours(72));

        Assert.That(log.Select(entry => entry.Nullified), Is.EqualTo(new[] { false, true, true, false }));
        Assert.That(PlcLog.FindLast(log)!.Operation, Is.SameAs(rescue));
        ShouldRefuse(log, PlcOperation.SignUpdate(Data("late"), more.Cid, Weak), Start.AddHours(73));
    }

    [Test]
    public void Append_AfterTheWindow_IsRefused()
    {
        PlcOperation theft = PlcOperation.SignUpdate(Data("stolen"), _genesis.Cid, Weak);
        IReadOnlyList<PlcLogEntry> log = Append(Begun, theft, Start);

        ShouldRefuse(log, PlcOperation.SignUpdate(Data("rescued"), _genesis.Cid, Strong), Start.AddHours(72).AddTicks(1));
    }

    [Test]
    public void Append_ToAnOlderPrevByAKeyNotStronger_IsRefused()
    {
        PlcOperation update = PlcOperation.SignUpdate(Data("a"), _genesis.Cid, Middle);
        IReadOnlyList<PlcLogEntry> log = Append(Begun, update, Start);

        ShouldRefuse(log, PlcOperation.SignUpdate(Data("b"), _genesis.Cid, Weak), Start);
        ShouldRefuse(log, PlcOperation.SignUpdate(Data("b"), _genesis.Cid, Middle), Start);
        Assert.That(Append(log, PlcOperation.SignUpdate(Data("b"), _genesis.Cid, Strong), Start), Has.Count.EqualTo(3));
    }

    [Test]
    public void Append_AfterATombstone_IsRefusedUnlessItIsUndone()
    {
        PlcOperation tombstone = PlcOperation.SignTombstone(_genesis.Cid, Weak);
        IReadOnlyList<PlcLogEntry> log = Append(Begun, tombstone, Start);

        ShouldRefuse(log, PlcOperation.SignUpdate(Data("a"), tombstone.Cid, Strong), Start);
        Assert.That(PlcLog.FindLast(log)!.Operation.IsTombstone, Is.True);
        Assert.That(Append(log, PlcOperation.SignUpdate(Data("a"), _genesis.Cid, Strong), Start), Has.Count.EqualTo(3));
    }

    [TestCase(10, 1)]
    [TestCase(30, 24)]
    [TestCase(100, 168)]
    public void Append_WhenThereWereTooManyOperations_IsRefused(int operations, int hours)
    {
        TimeSpan step = TimeSpan.FromHours(hours) / operations;
        List<PlcLogEntry> log = [.. Begun];
        for (int i = 1; i < operations; i++)
        {
            log.Add(new(PlcOperation.SignUpdate(Data($"{i}"), log[^1].Operation.Cid, Weak), Start + (step * i), Nullified: false));
        }

        PlcOperation next = PlcOperation.SignUpdate(Data("next"), log[^1].Operation.Cid, Weak);

        ShouldRefuse(log, next, Start.AddHours(hours) - TimeSpan.FromTicks(1));
        Assert.That(Append(log, next, Start.AddHours(hours)), Has.Count.EqualTo(operations + 1));
    }

    [Test]
    public void Append_WhenALimitIsBroken_IsRefused() =>
        ShouldRefuse(Begun, PlcOperation.SignUpdate(Data("a") with { RotationKeys = [] }, _genesis.Cid, Weak), Start);

    private static PlcData Data(string alias) => GivenPlc.Data(alias, Strong, Middle, Weak);

    private static PlcOperation Published(string signature, string prev, string handle) => PlcOperation.FromJson(Encoding.UTF8.GetBytes(
        $$$"""
        {"sig":"{{{signature}}}","prev":{{{prev}}},"type":"plc_operation","alsoKnownAs":["at://{{{handle}}}"],
        "services":{"atproto_pds":{"type":"AtprotoPersonalDataServer","endpoint":"https://bsky.social"}},
        "rotationKeys":["did:key:zQ3shhCGUqDKjStzuDxPkTxN6ujddP4RkEKJJouJGRRkaLGbg","did:key:zQ3shpKnbdPx3g3CmPf5cRVTPe1HtSwVn5ish3wSnDPQCbLJK"],
        "verificationMethods":{"atproto":"did:key:zQ3shXjHeiBuRCKmM36cuYnm7YEMzhGnCmCyW92sRJ9pribSF"}}
        """));

    private static string FlipS(string signature)
    {
        byte[] bytes = Base64Url.DecodeFromChars(signature);
        BigInteger order = new(
            Convert.FromHexString("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"), isUnsigned: true, isBigEndian: true);
        BigInteger s = order - new BigInteger(bytes.AsSpan(32), isUnsigned: true, isBigEndian: true);
        return Base64Url.EncodeToString([.. bytes.AsSpan(0, 32), .. s.ToByteArray(isUnsigned: true, isBigEndian: true)]);
    }

    private IReadOnlyList<PlcLogEntry> Append(IReadOnlyList<PlcLogEntry> log, PlcOperation operation, DateTimeOffset now) =>
        PlcLog.Append(log, Did, operation, now, GivenKeys.Verifier);

    private void ShouldRefuse(IReadOnlyList<PlcLogEntry> log, PlcOperation operation, DateTimeOffset now) =>
        Assert.That(() => Append(log, operation, now), Throws.InstanceOf<PlcException>());
}
