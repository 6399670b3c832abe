using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;

namespace Pds.Api.Xrpc;

/// <summary>Compresses answers of JSON and archives for clients that ask for it (gzip, br). The host's own compression, if any, is left alone.</summary>
internal sealed class AnswerCompression : ResponseCompressionProvider
{
    /// <summary>Answers depend on this header, whether the client sent it or not.</summary>
    public const string Vary = "Accept-Encoding";

    /// <summary>A head of a frame and a turn of the processor are not worth it for less.</summary>
    private const int LeastBytes = 1024;

    /// <param name="services">Where the logger is.</param>
    public AnswerCompression(IServiceProvider services)
        : base(services, Options.Create(Describe()))
    {
    }

    /// <summary>Whether the answer of a request has begun to be compressed, so that nothing else can take its place.</summary>
    public static bool HasBegun(HttpContext context) => context.Features.Get<Begun>() is not null;

    /// <summary>Wraps an endpoint.</summary>
    public RequestDelegate Around(RequestDelegate inner) => new ResponseCompressionMiddleware(inner, this).Invoke;

    public override bool ShouldCompressResponse(HttpContext context) =>
        context.Response.ContentLength is null or >= LeastBytes && base.ShouldCompressResponse(context);

    public override ICompressionProvider? GetCompressionProvider(HttpContext context)
    {
        ICompressionProvider? provider = base.GetCompressionProvider(context);
        if (provider is not null)
        {
            context.Features.Set(Begun.Instance);
        }

        return provider;
    }

    private static ResponseCompressionOptions Describe() => new()
    {
        EnableForHttps = true,    // secrets are in headers, and no page of a stranger can have a browser send them
        MimeTypes = ["application/json", "application/vnd.ipld.car"],
        Providers =
        {
            new BrotliCompressionProvider(Options.Create(new BrotliCompressionProviderOptions { Level = CompressionLevel.Fastest })),
            new GzipCompressionProvider(Options.Create(new GzipCompressionProviderOptions { Level = CompressionLevel.Fastest })),
        },
    };

    private sealed class Begun
    {
        public static readonly Begun Instance = new();
    }
}
