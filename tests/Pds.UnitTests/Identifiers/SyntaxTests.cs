using Pds.Domain.Identifiers;
using Pds.UnitTests.Interop;

namespace Pds.UnitTests.Identifiers;

/// <summary>Every shared syntax fixture against the type it is about.</summary>
[Category(SharedData.Category)]
internal sealed class SyntaxTests
{
    [TestCaseSource(typeof(InteropLines), nameof(InteropLines.Of), new object[] { "syntax/atidentifier_syntax_valid.txt" })]
    public void AtIdentifier_WhenSyntaxIsValid_IsRead(string text) => Assert.That(AtIdentifier.TryParse(text, out _) && AtIdentifier.IsValid(text), Is.True);

    [TestCaseSource(typeof(InteropLines), nameof(InteropLines.Of), new object[] { "syntax/atidentifier_syntax_invalid.txt" })]
    public void AtIdentifier_WhenSyntaxIsInvalid_IsRefused(string text) => Assert.That(AtIdentifier.TryParse(text, out _) || AtIdentifier.IsValid(text), Is.False);

    [TestCaseSource(typeof(InteropLines), nameof(InteropLines.Of), new object[] { "syntax/aturi_syntax_valid.txt" })]
    public void AtUri_WhenSyntaxIsValid_IsKept(string text) => Assert.That(AtUri.Parse(text).ToString(), Is.EqualTo(text));

    [TestCaseSource(typeof(InteropLines), nameof(InteropLines.Of), new object[] { "syntax/aturi_syntax_invalid.txt" })]
    public void AtUri_WhenSyntaxIsInvalid_IsRefused(string text) => Assert.That(AtUri.TryParse(text, out _), Is.False);

    [TestCaseSource(typeof(InteropLines), nameof(InteropLines.Of), new object[] { "syntax/cid_syntax_valid.txt" })]
    public void CidSyntax_WhenValid_IsAccepted(string text) => Assert.That(CidSyntax.IsValid(text), Is.True);

    [TestCaseSource(typeof(InteropLines), nameof(InteropLines.Of), new object[] { "syntax/cid_syntax_invalid.txt" })]
    public void CidSyntax_WhenInvalid_IsRefused(string text) => Assert.That(CidSyntax.IsValid(text), Is.False);

    [TestCaseSource(typeof(InteropLines), nameof(InteropLines.Of), new object[] { "syntax/datetime_syntax_valid.txt" })]
    public void Datetime_WhenSyntaxIsValid_IsAccepted(string text) => Assert.That(DatetimeSyntax.IsValid(text), Is.True);

    [TestCaseSource(typeof(InteropLines), nameof(InteropLines.Of), new object[] { "syntax/datetime_syntax_invalid.txt" })]
    [TestCaseSource(typeof(InteropLines), nameof(InteropLines.Of), new object[] { "syntax/datetime_parse_invalid.txt" })]
    public void Datetime_WhenInvalid_IsRefused(string text) => Assert.That(DatetimeSyntax.IsValid(text), Is.False);

    [TestCaseSource(typeof(InteropLines), nameof(InteropLines.Of), new object[] { "syntax/did_syntax_valid.txt" })]
    public void Did_WhenSyntaxIsValid_IsKept(string text) => Assert.That(Did.Parse(text).ToString(), Is.EqualTo(text));

    [TestCaseSource(typeof(InteropLines), nameof(InteropLines.Of), new object[] { "syntax/did_syntax_invalid.txt" })]
    public void Did_WhenSyntaxIsInvalid_IsRefused(string text) => Assert.That(Did.TryParse(text, out _), Is.False);

    [TestCaseSource(typeof(InteropLines), nameof(InteropLines.Of), new object[] { "syntax/handle_syntax_valid.txt" })]
    public void Handle_WhenSyntaxIsValid_IsLowerCased(string text) => Assert.That(Handle.Parse(text).ToString(), Is.EqualTo(text.ToLowerInvariant()));

    [TestCaseSource(typeof(InteropLines), nameof(InteropLines.Of), new object[] { "syntax/handle_syntax_invalid.txt" })]
    public void Handle_WhenSyntaxIsInvalid_IsRefused(string text) => Assert.That(Handle.TryParse(text, out _), Is.False);

    [TestCaseSource(typeof(InteropLines), nameof(InteropLines.Of), new object[] { "syntax/language_syntax_valid.txt" })]
    public void Language_WhenSyntaxIsValid_IsAccepted(string text) => Assert.That(LanguageTag.IsValid(text), Is.True);

    [TestCaseSource(typeof(InteropLines), nameof(InteropLines.Of), new object[] { "syntax/language_syntax_invalid.txt" })]
    [TestCaseSource(typeof(InteropLines), nameof(InteropLines.Of), new object[] { "syntax/language_parse_invalid.txt" })]
    public void Language_WhenInvalid_IsRefused(string text) => Assert.That(LanguageTag.IsValid(text), Is.False);

    [TestCaseSource(typeof(InteropLines), nameof(InteropLines.Of), new object[] { "syntax/nsid_syntax_valid.txt" })]
    public void Nsid_WhenSyntaxIsValid_IsKept(string text) => Assert.That(Nsid.Parse(text).ToString(), Is.EqualTo(text));

    [TestCaseSource(typeof(InteropLines), nameof(InteropLines.Of), new object[] { "syntax/nsid_syntax_invalid.txt" })]
    public void Nsid_WhenSyntaxIsInvalid_IsRefused(string text) => Assert.That(Nsid.TryParse(text, out _), Is.False);

    [TestCaseSource(typeof(InteropLines), nameof(InteropLines.Of), new object[] { "syntax/recordkey_syntax_valid.txt" })]
    public void RecordKey_WhenSyntaxIsValid_IsKept(string text) => Assert.That(RecordKey.Parse(text).ToString(), Is.EqualTo(text));

    [TestCaseSource(typeof(InteropLines), nameof(InteropLines.Of), new object[] { "syntax/recordkey_syntax_invalid.txt" })]
    public void RecordKey_WhenSyntaxIsInvalid_IsRefused(string text) => Assert.That(RecordKey.TryParse(text, out _), Is.False);

    [TestCaseSource(typeof(InteropLines), nameof(InteropLines.Of), new object[] { "syntax/tid_syntax_valid.txt" })]
    public void Tid_WhenSyntaxIsValid_IsKept(string text) => Assert.That(Tid.Parse(text).ToString(), Is.EqualTo(text));

    [TestCaseSource(typeof(InteropLines), nameof(InteropLines.Of), new object[] { "syntax/tid_syntax_invalid.txt" })]
    public void Tid_WhenSyntaxIsInvalid_IsRefused(string text) => Assert.That(Tid.TryParse(text, out _) || Tid.IsValid(text), Is.False);

    [TestCaseSource(typeof(InteropLines), nameof(InteropLines.Of), new object[] { "syntax/uri_syntax_valid.txt" })]
    public void Uri_WhenSyntaxIsValid_IsAccepted(string text) => Assert.That(UriSyntax.IsValid(text), Is.True);

    [TestCaseSource(typeof(InteropLines), nameof(InteropLines.Of), new object[] { "syntax/uri_syntax_invalid.txt" })]
    public void Uri_WhenSyntaxIsInvalid_IsRefused(string text) => Assert.That(UriSyntax.IsValid(text), Is.False);
}
