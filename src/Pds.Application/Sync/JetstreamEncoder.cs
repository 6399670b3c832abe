using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pds.Domain.DataModel;
using Pds.Domain.Repositories.Car;

namespace Pds.Application.Sync;

/// <summary>Writes the events of the firehose as the JSON messages of Jetstream: one for each operation of a commit, one for each identity or account event.</summary>
/// <remarks>Source: <see href="https://github.com/bluesky-social/jetstream-legacy"/></remarks>
internal static class JetstreamEncoder
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Encodes the messages of one frame.</summary>
    /// <param name="frame">A frame of the firehose, made by this server.</param>
    /// <param name="clock">Numbers the messages.</param>
    public static IReadOnlyList<JetstreamMessage> Encode(ReadOnlyMemory<byte> frame, ref JetstreamClock clock)
    {
        var reader = new DagCborReader(frame.Span);
        string type = ReadType(ref reader);
        Body body = ReadBody(ref reader, frame);
        return type switch
        {
            "#commit" => EncodeCommit(body, ref clock),
            "#identity" => [EncodePlain("identity"u8, body, ref clock)],
            "#account" => [EncodePlain("account"u8, body, ref clock)],
            _ => [],
        };
    }

    private static string ReadType(ref DagCborReader reader)
    {
        string type = "";
        ReadOnlySpan<byte> key = default;
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            key = reader.ReadKey(key);
            if (key.SequenceEqual("t"u8))
            {
                type = reader.ReadText();
            }
            else
            {
                reader.Skip();
            }
        }

        return type;
    }

    private static Body ReadBody(ref DagCborReader reader, ReadOnlyMemory<byte> frame)
    {
        var body = new Body();
        ReadOnlySpan<byte> key = default;
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            key = reader.ReadKey(key);
            switch (Encoding.UTF8.GetString(key))
            {
                case "did" or "repo":
                    body.Did = reader.ReadText();
                    break;
                case "seq":
                    body.Seq = reader.ReadInteger();
                    break;
                case "time":
                    body.Time = reader.ReadText();
                    break;
                case "rev":
                    body.Rev = reader.ReadText();
                    break;
                case "handle":
                    body.Handle = reader.ReadText();
                    break;
                case "active":
                    body.Active = reader.ReadBoolean();
                    break;
                case "status":
                    body.Status = reader.ReadText();
                    break;
                case "ops":
                    ReadOps(ref reader, body.Ops);
                    break;
                case "blocks":
                    int length = reader.ReadBytes().Length;
                    body.Blocks = frame.Slice(reader.Position - length, length);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return body;
    }

    private static void ReadOps(ref DagCborReader reader, List<Op> ops)
    {
        for (int left = reader.ReadArrayHeader(); left > 0; left--)
        {
            Cid? cid = null;
            string path = "";
            string action = "";
            ReadOnlySpan<byte> key = default;
            for (int pairs = reader.ReadMapHeader(); pairs > 0; pairs--)
            {
                key = reader.ReadKey(key);
                if (key.SequenceEqual("cid"u8))
                {
                    cid = reader.TryReadNull() ? null : reader.ReadCid();
                }
                else if (key.SequenceEqual("path"u8))
                {
                    path = reader.ReadText();
                }
                else if (key.SequenceEqual("action"u8))
                {
                    action = reader.ReadText();
                }
                else
                {
                    reader.Skip();
                }
            }

            ops.Add(new Op(action, path, cid));
        }
    }

    private static JetstreamMessage[] EncodeCommit(Body body, ref JetstreamClock clock)
    {
        var messages = new JetstreamMessage[body.Ops.Count];
        if (messages.Length == 0)
        {
            return messages;
        }

        (_, IReadOnlyDictionary<Cid, ReadOnlyMemory<byte>> blocks) = CarReader.ReadAll(body.Blocks);
        for (int i = 0; i < messages.Length; i++)
        {
            Op op = body.Ops[i];
            int slash = op.Path.IndexOf('/', StringComparison.Ordinal);
            string collection = op.Path[..slash];
            messages[i] = Encode(body, "commit"u8, collection, ref clock, writer =>
            {
                writer.WriteString("rev"u8, body.Rev);
                writer.WriteString("operation"u8, op.Action);
                writer.WriteString("collection"u8, collection);
                writer.WriteString("rkey"u8, op.Path.AsSpan(slash + 1));
                if (op.Cid is { } cid)
                {
                    writer.WritePropertyName("record"u8);
                    DataJson.Write(writer, blocks[cid].Span);
                    writer.WriteString("cid"u8, cid.ToString());
                }
            });
        }

        return messages;
    }

    private static JetstreamMessage EncodePlain(ReadOnlySpan<byte> kind, Body body, ref JetstreamClock clock) => Encode(body, kind, collection: null, ref clock, writer =>
    {
        if (body.Active is { } active)
        {
            writer.WriteBoolean("active"u8, active);
        }

        writer.WriteString("did"u8, body.Did);
        if (body.Handle is not null)
        {
            writer.WriteString("handle"u8, body.Handle);
        }

        writer.WriteNumber("seq"u8, body.Seq);
        if (body.Status is not null)
        {
            writer.WriteString("status"u8, body.Status);
        }

        writer.WriteString("time"u8, body.Time);
    });

    private static JetstreamMessage Encode(Body body, ReadOnlySpan<byte> kind, string? collection, ref JetstreamClock clock, Action<Utf8JsonWriter> content)
    {
        long timeUs = clock.Stamp(body.UnixMilliseconds, out clock);
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("did"u8, body.Did);
            writer.WriteNumber("time_us"u8, timeUs);
            writer.WriteString("kind"u8, kind);
            writer.WriteStartObject(kind);
            content(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return new JetstreamMessage(body.Did, collection, timeUs, json.WrittenMemory);
    }

    /// <summary>The fields of a frame that messages are made of.</summary>
    private sealed class Body
    {
        public string Did { get; set; } = "";

        public long Seq { get; set; }

        public string Time { get; set; } = "";

        public string? Rev { get; set; }

        public string? Handle { get; set; }

        public bool? Active { get; set; }

        public string? Status { get; set; }

        public List<Op> Ops { get; } = [];

        public ReadOnlyMemory<byte> Blocks { get; set; }

        public long UnixMilliseconds => DateTimeOffset.Parse(Time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds();
    }

    private sealed record Op(string Action, string Path, Cid? Cid);
}
