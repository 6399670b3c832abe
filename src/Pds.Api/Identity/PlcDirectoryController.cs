using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Pds.Application.Identity;
using Pds.Application.Settings;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;

namespace Pds.Api.Identity;

/// <summary>The directory inside this server over HTTP, as the public one speaks; only while no other directory is set.</summary>
/// <param name="options">Tells whether another directory is set.</param>
/// <param name="logs">The operation logs.</param>
/// <param name="directory">Takes new operations.</param>
/// <remarks>Source: <see href="https://web.plc.directory/api/redoc"/></remarks>
[Route("plc")]
internal sealed class PlcDirectoryController(IdentitySettings options, IPlcLogStore logs, IPlcDirectory directory) : ControllerBase
{
    private const int MaxOperationBytes = 32 * 1024;

    /// <summary>Whether the directory works; the DID path would take the name otherwise.</summary>
    [HttpGet("_health")]
    public IActionResult GetHealth() => options.PlcUrl is null ? Json(new Dictionary<string, string>(StringComparer.Ordinal) { ["version"] = "in-process" }) : NotFound();

    /// <summary>The DID document.</summary>
    [HttpGet("{did}")]
    public Task<IActionResult> GetDocument(string did, CancellationToken cancellationToken) => AnswerAsync(
        did,
        (parsed, log) => PlcLog.FindLast(log)?.Operation.Data is { } data
            ? Text(PlcDocument.ToDidDocument(parsed, data), "application/did+ld+json")
            : Unavailable(parsed),
        cancellationToken);

    /// <summary>What the DID stands for, in the fields of an operation.</summary>
    [HttpGet("{did}/data")]
    public Task<IActionResult> GetData(string did, CancellationToken cancellationToken) => AnswerAsync(
        did,
        (parsed, log) => PlcLog.FindLast(log)?.Operation.Data is { } data
            ? Json(new
            {
                did = parsed.ToString(),
                verificationMethods = data.VerificationMethods,
                rotationKeys = data.RotationKeys,
                alsoKnownAs = data.AlsoKnownAs,
                services = data.Services.ToDictionary(service => service.Key, service => new { type = service.Value.Type, endpoint = service.Value.Endpoint }, StringComparer.Ordinal),
            })
            : Unavailable(parsed),
        cancellationToken);

    /// <summary>All operations that count, oldest first.</summary>
    [HttpGet("{did}/log")]
    public Task<IActionResult> GetLog(string did, CancellationToken cancellationToken) => AnswerAsync(
        did, (_, log) => Json(log.Where(entry => !entry.Nullified).Select(entry => Element(entry.Operation))), cancellationToken);

    /// <summary>The last operation that counts, also if it is a tombstone.</summary>
    [HttpGet("{did}/log/last")]
    public Task<IActionResult> GetLast(string did, CancellationToken cancellationToken) => AnswerAsync(
        did, (_, log) => Text(PlcLog.FindLast(log)!.Operation.ToJson(), "application/json"), cancellationToken);

    /// <summary>All operations with the time of their acceptance, those undone too.</summary>
    [HttpGet("{did}/log/audit")]
    public Task<IActionResult> GetAudit(string did, CancellationToken cancellationToken) => AnswerAsync(
        did,
        (parsed, log) => Json(log.Select(entry => new
        {
            did = parsed.ToString(),
            operation = Element(entry.Operation),
            cid = entry.Operation.Cid.ToString(),
            nullified = entry.Nullified,
            createdAt = entry.CreatedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture),
        })),
        cancellationToken);

    /// <summary>Takes an operation.</summary>
    [HttpPost("{did}")]
    public async Task<IActionResult> Submit(string did, CancellationToken cancellationToken)
    {
        if (options.PlcUrl is not null)
        {
            return NotFound();
        }

        if (!TryParse(did, out Did parsed))
        {
            return Refusal(StatusCodes.Status400BadRequest, "Not a did:plc.");
        }

        try
        {
            await directory.SubmitAsync(parsed, PlcOperation.FromJson(await ReadBodyAsync(cancellationToken)), cancellationToken);
            return Text("OK"u8.ToArray(), "text/plain");
        }
        catch (FormatException)
        {
            return Refusal(StatusCodes.Status400BadRequest, "Not a valid operation.");
        }
        catch (XrpcException e)
        {
            return Refusal(e.Error.Kind == XrpcErrorKind.Invalid ? StatusCodes.Status400BadRequest : StatusCodes.Status503ServiceUnavailable, e.Message);
        }
    }

    private async Task<IActionResult> AnswerAsync(string did, Func<Did, IReadOnlyList<PlcLogEntry>, IActionResult> answer, CancellationToken cancellationToken)
    {
        if (options.PlcUrl is not null)
        {
            return NotFound();
        }

        IReadOnlyList<PlcLogEntry> log = TryParse(did, out Did parsed) ? await logs.ReadAsync(parsed, cancellationToken) : [];
        return log.Count > 0 ? answer(parsed, log) : Refusal(StatusCodes.Status404NotFound, $"DID not registered: {did}");
    }

    private async Task<byte[]> ReadBodyAsync(CancellationToken cancellationToken)
    {
        byte[] body = new byte[MaxOperationBytes + 1];
        int length = await Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);
        return length <= MaxOperationBytes ? body[..length] : throw new FormatException("The operation is too long.");
    }

    private static bool TryParse(string text, out Did did) => Did.TryParse(text, out did) && did.Method == "plc";

    private static IActionResult Unavailable(Did did) => Refusal(StatusCodes.Status404NotFound, $"DID not available: {did}");

    private static IActionResult Refusal(int status, string message) =>
        IdentityJson.Result(new Dictionary<string, string>(StringComparer.Ordinal) { ["message"] = message }, status);

    private static IActionResult Json<T>(T value) => IdentityJson.Result(value);

    private static ContentResult Text(byte[] utf8, string contentType) => new() { StatusCode = StatusCodes.Status200OK, ContentType = contentType, Content = Encoding.UTF8.GetString(utf8) };

    private static JsonElement Element(PlcOperation operation)
    {
        using JsonDocument json = JsonDocument.Parse(operation.ToJson());
        return json.RootElement.Clone();
    }
}
