using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;

namespace Pds.Api.Identity;

/// <summary>JSON answers of documents whose names are not XRPC's, independent of what JSON settings the host has.</summary>
internal static class IdentityJson
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IActionResult Result<T>(T value, int status = StatusCodes.Status200OK) =>
        new ContentResult { StatusCode = status, ContentType = "application/json", Content = JsonSerializer.Serialize(value, Options) };
}
