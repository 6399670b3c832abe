using System.Buffers.Binary;
using Pds.Infrastructure.Identity.Dns;

namespace Pds.UnitTests.Identity.Resolution;

internal sealed class DnsMessageTests
{
    private const ushort Id = 0x1234;
    private const string Name = "_atproto.alice.example.com";

    private static byte[] Query => DnsMessage.WriteTxtQuery(Id, Name, edns: true)!;

    [Test]
    public void WriteTxtQuery_WithEdns_IsTheWireForm()
    {
        byte[] query = DnsMessage.WriteTxtQuery(Id, "a.bc", edns: true)!;

        Assert.That(Convert.ToHexStringLower(query), Is.EqualTo("123401000001000000000001" + "0161026263" + "00" + "00100001" + "00" + "002904d0" + "00000000" + "0000"));
    }

    [TestCase("")]
    [TestCase("a..b")]
    [TestCase(".a")]
    [TestCase("a.")]
    [TestCase("ä.example")]
    [TestCase("a123456789012345678901234567890123456789012345678901234567890123.example")]
    public void WriteTxtQuery_WhenNameIsNotOne_IsNull(string name) => Assert.That(DnsMessage.WriteTxtQuery(Id, name, edns: false), Is.Null);

    // Pitfall G 141.
    [Test]
    public void Read_WhenTextIsInChunks_JoinsThem()
    {
        DnsAnswer? answer = Read(DnsPacket.Answer(Query, records: [DnsPacket.Txt(DnsPacket.Asked, "did=did:plc:", "abc"), DnsPacket.Txt(DnsPacket.Name(Name), "other")]));

        Assert.That(answer!.Texts, Is.EqualTo(["did=did:plc:abc", "other"]));
    }

    [Test]
    public void Read_WhenNameIsAnAlias_FollowsIt()
    {
        byte[] target = DnsPacket.Name("other.example.net");

        DnsAnswer? answer = Read(DnsPacket.Answer(Query, records: [DnsPacket.Cname(DnsPacket.Asked, target), DnsPacket.Txt(target, "yes")]));

        Assert.That(answer!.Texts, Is.EqualTo(["yes"]));
    }

    [Test]
    public void Read_WhenAliasesGoInCircles_Ends()
    {
        DnsAnswer? answer = Read(DnsPacket.Answer(Query, records: [DnsPacket.Cname(DnsPacket.Asked, DnsPacket.Asked), DnsPacket.Txt(DnsPacket.Name("elsewhere.net"), "no")]));

        Assert.That(answer!.Texts, Is.Empty);
    }

    [Test]
    public void Read_WhenRecordIsOfAnotherName_LeavesItOut()
    {
        DnsAnswer? answer = Read(DnsPacket.Answer(Query, records: [DnsPacket.Txt(DnsPacket.Name("mallory.example"), "did=did:plc:evil")]));

        Assert.That(answer!.Texts, Is.Empty);
    }

    [Test]
    public void Read_WhenCaseOfTheNameDiffers_IsGood()
    {
        byte[] message = DnsPacket.Answer(Query, records: [DnsPacket.Txt(DnsPacket.Asked, "x")]);
        message[13] = (byte)'_';
        message[14] = (byte)'A';

        Assert.That(Read(message)!.Texts, Is.EqualTo(["x"]));
    }

    [Test]
    public void Read_WhenTruncated_SaysSo() => Assert.That(Read(DnsPacket.Answer(Query, truncated: true))!.IsTruncated, Is.True);

    [TestCase(0, 0x99)] // another id
    [TestCase(2, 0x01)] // a query
    [TestCase(2, 0x89)] // another operation
    [TestCase(5, 0)]    // no question
    [TestCase(5, 2)]    // two questions
    [TestCase(14, 'z')] // another name
    [TestCase(41, 1)]   // another type
    [TestCase(7, 2)]    // more answers than there are
    public void Read_WhenMessageIsNotTheAnswer_IsFalse(int position, int value)
    {
        byte[] message = DnsPacket.Answer(Query, records: [DnsPacket.Txt(DnsPacket.Asked, "x")]);

        message[position] = (byte)value;

        Assert.That(Read(message), Is.Null);
    }

    [Test]
    public void Read_WhenPointerLeadsToItself_IsFalse()
    {
        byte[] message = DnsPacket.Answer(Query, records: [DnsPacket.Txt([0xC0, (byte)(12 + Name.Length + 2 + 4)], "x")]);

        Assert.That(Read(message), Is.Null);
    }

    [Test]
    public void Read_WhenPointerLeadsForward_IsFalse() =>
        Assert.That(Read(DnsPacket.Answer(Query, records: [DnsPacket.Txt([0xC0, 250], "x")])), Is.Null);

    [Test]
    public void Read_WhenChunkIsLongerThanItsRecord_IsFalse() =>
        Assert.That(Read(DnsPacket.Answer(Query, records: [DnsPacket.Record(DnsPacket.Asked, type: 16, [5, (byte)'x'])])), Is.Null);

    [Test]
    public void Read_WhenCutAnywhere_NeverThrowsAndNeverAnswers()
    {
        byte[] message = DnsPacket.Answer(Query, records: [DnsPacket.Cname(DnsPacket.Asked, DnsPacket.Name("a.b")), DnsPacket.Txt(DnsPacket.Name("a.b"), "x", "y")]);

        for (int length = 0; length < message.Length; length++)
        {
            Assert.That(Read(message[..length]), Is.Null, $"cut at {length}");
        }
    }

    [Test]
    public void Read_WhenBytesAreRandomlyChanged_AnswersToTheQuestionOrNotAtAll()
    {
        int answered = 0;
        var random = new Random(20260102);
        byte[] message = DnsPacket.Answer(Query, records: [DnsPacket.Cname(DnsPacket.Asked, DnsPacket.Name("a.b")), DnsPacket.Txt(DnsPacket.Name("a.b"), "x", "y"), DnsPacket.Txt([0xC0, 21], "z")]);

        for (int round = 0; round < 50_000; round++)
        {
            byte[] changed = [.. message];
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            byte[] cut = changed[..random.Next(changed.Length + 1)];
            DnsAnswer? answer = Read(cut);
            answered += answer is null ? 0 : 1;
            Assert.That(answer is null || (BinaryPrimitives.ReadUInt16BigEndian(cut) == Id && (cut[2] & 0x80) != 0), Is.True, Convert.ToHexString(cut));
        }

        Assert.That(answered, Is.InRange(10, 49_000));
    }

    [Test]
    public void Read_WhenBytesAreRandom_AnswersNothingOfThem()
    {
        int answered = 0;
        var random = new Random(7);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] noise = new byte[random.Next(200)];
            random.NextBytes(noise);
            if (noise.Length >= 12)
            {
                (noise[0], noise[1], noise[2], noise[3], noise[4], noise[5]) = (0x12, 0x34, 0x81, 0x80, 0, 1);
                Query.AsSpan(12, Math.Min(Query.Length - 23, noise.Length - 12)).CopyTo(noise.AsSpan(12));
            }

            answered += Read(noise) is { } answer && answer.Texts.Count > 0 ? 1 : 0;
        }

        Assert.That(answered, Is.Zero);
    }

    private static DnsAnswer? Read(byte[] message) => DnsMessage.TryReadTxtAnswer(message, Id, Name, out DnsAnswer? answer) ? answer : null;
}
