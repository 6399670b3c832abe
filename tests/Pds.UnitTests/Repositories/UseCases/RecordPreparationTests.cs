using Pds.Application.Repositories;
using Pds.Application.Settings;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.UnitTests.Repositories.UseCases;

/// <summary>The table of <c>validate</c>, and what holds whatever its value.</summary>
internal sealed class RecordPreparationTests
{
    private static readonly Nsid Collection = Nsid.Parse("com.example.thing");

    [TestCase(null, RecordValidity.Valid, "valid")]
    [TestCase(null, RecordValidity.Unknown, "unknown")]
    [TestCase(true, RecordValidity.Valid, "valid")]
    [TestCase(false, RecordValidity.Valid, null)]
    [TestCase(false, RecordValidity.Unknown, null)]
    [TestCase(false, RecordValidity.Invalid, null)]
    public async Task Prepare_WhenTheRecordIsAcceptable_TellsItsStatus(bool? validate, RecordValidity validity, string? status)
    {
        PreparedRecord prepared = await PrepareAsync("{}", validate, validity);

        Assert.That(prepared.ValidationStatus, Is.EqualTo(status));
        Assert.That(prepared.Record.ToJson(), Is.EqualTo("""{"$type":"com.example.thing"}"""));
    }

    [TestCase(null, RecordValidity.Invalid, "the record is wrong")]
    [TestCase(true, RecordValidity.Invalid, "the record is wrong")]
    [TestCase(true, RecordValidity.Unknown, "Unknown lexicon type: com.example.thing")]
    public void Prepare_WhenTheLexiconSaysNo_Refuses(bool? validate, RecordValidity validity, string message)
    {
        XrpcException refusal = Assert.ThrowsAsync<XrpcException>(async () => await PrepareAsync("{}", validate, validity))!;

        Assert.That(refusal.Error, Is.EqualTo(RequestErrors.InvalidRequest));
        Assert.That(refusal.Message, Is.EqualTo(message));
    }

    [TestCase("""{"$type":"com.example.other"}""")]
    [TestCase("""{"$type":"com.example.thing#main"}""")]
    [TestCase("""{"a":[{"cid":"bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku","mimeType":"image/png"}]}""")]
    public void Prepare_WhateverValidateSays_RefusesOtherTypesAndLegacyBlobs(string json)
    {
        foreach (bool? validate in new bool?[] { null, true, false })
        {
            Assert.ThrowsAsync<XrpcException>(async () => await PrepareAsync(json, validate, RecordValidity.Valid));
        }
    }

    [TestCase(null, false)]
    [TestCase(true, true)]
    public async Task Prepare_LooksForLexiconsElsewhereOnlyWhenAsked(bool? validate, bool resolve)
    {
        var validator = new FixedVerdict(RecordValidity.Valid);

        await PreparationWith(validator).PrepareAsync(Collection, RecordKey.Parse("k"), DataMap.FromJson("{}"u8), validate, CancellationToken.None);

        Assert.That(validator.Resolved, Is.EqualTo(resolve));
    }

    [TestCase("app.bsky.graph.follow", """{"subject":"did:plc:x"}""", "did:plc:x")]
    [TestCase("app.bsky.graph.block", """{"subject":"did:plc:x"}""", "did:plc:x")]
    [TestCase("app.bsky.feed.like", """{"subject":{"uri":"at://x"}}""", "at://x")]
    [TestCase("app.bsky.feed.repost", """{"subject":{"uri":"at://x"}}""", "at://x")]
    [TestCase("app.bsky.feed.like", """{"subject":"at://x"}""", null)]
    [TestCase("app.bsky.graph.follow", """{"subject":{"uri":"at://x"}}""", null)]
    [TestCase("app.bsky.graph.listitem", """{"subject":"did:plc:x"}""", null)]
    [TestCase("app.bsky.feed.like", "{}", null)]
    public void RecordLink_IsWhatARecordPointsAt(string collection, string json, string? link) =>
        Assert.That(RecordLink.Of(Nsid.Parse(collection), DataMap.FromJson(System.Text.Encoding.UTF8.GetBytes(json))), Is.EqualTo(link));

    [TestCase("nigger")]
    [TestCase("N1gger-s")]
    [TestCase("my.Kikes")]
    public void Prepare_WhenTheKeyHasADisallowedWord_RefusesWhateverValidateSays(string key)
    {
        foreach (bool? validate in new bool?[] { null, true, false })
        {
            XrpcException refusal = Assert.ThrowsAsync<XrpcException>(async () => await PrepareAsync("{}", validate, RecordValidity.Valid, key))!;

            Assert.That(refusal.Message, Is.EqualTo("Unacceptable slur in record key"));
        }
    }

    [Test]
    public async Task Prepare_WhenTheKeyIsATid_LooksForNoWords()
    {
        var preparation = new RecordPreparation(new FixedVerdict(RecordValidity.Valid), new RuleSettings { DisallowedWords = new(["3k*"]) });

        PreparedRecord prepared = await preparation.PrepareAsync(Collection, RecordKey.Parse("3kabcdefgh222"), DataMap.FromJson("{}"u8), null, CancellationToken.None);

        Assert.That(prepared.ValidationStatus, Is.EqualTo("valid"));
    }

    private static RecordPreparation PreparationWith(IRecordValidator validator) => new(validator, new RuleSettings());

    private static ValueTask<PreparedRecord> PrepareAsync(string json, bool? validate, RecordValidity validity, string key = "k") =>
        PreparationWith(new FixedVerdict(validity)).PrepareAsync(
            Collection, RecordKey.Parse(key), DataMap.FromJson(System.Text.Encoding.UTF8.GetBytes(json)), validate, CancellationToken.None);

    private sealed class FixedVerdict(RecordValidity validity) : IRecordValidator
    {
        public bool? Resolved { get; private set; }

        public ValueTask<RecordVerdict> ValidateAsync(Nsid collection, RecordKey key, DataMap record, bool resolve, CancellationToken cancellationToken)
        {
            Resolved = resolve;
            return new(new RecordVerdict(validity, validity == RecordValidity.Invalid ? "the record is wrong" : null));
        }
    }
}
