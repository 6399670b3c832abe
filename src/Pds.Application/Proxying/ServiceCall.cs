using System.Text;
using Pds.Domain.DataModel;

namespace Pds.Application.Proxying;

/// <summary>A request to another service.</summary>
/// <param name="Verb">GET, HEAD or POST.</param>
/// <param name="Address">Where it goes, query included, exactly as it shall be sent.</param>
public sealed record ServiceCall(HttpMethod Verb, Uri Address)
{
    /// <summary>Headers, but for those of the body.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The body; <see langword="null"/> for none.</summary>
    public ServiceCallBody? Body { get; init; }

    /// <summary>Service token; <see langword="null"/> to ask as a stranger.</summary>
    public string? Token { get; init; }

    /// <summary>Verb and address: the token stays out of logs.</summary>
    public override string ToString() => $"{Verb} {Address.GetLeftPart(UriPartial.Path)}";
}

/// <summary>The body of a request, passed on as it comes.</summary>
/// <param name="Content">Read once, to its end.</param>
/// <param name="Length">Bytes, where known.</param>
/// <param name="Headers"><c>Content-Type</c> and <c>Content-Encoding</c>, where given.</param>
public sealed record ServiceCallBody(Stream Content, long? Length, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <summary>A JSON body.</summary>
    public static ServiceCallBody Of(DataMap input)
    {
        byte[] json = Encoding.UTF8.GetBytes(input.ToJson());
        return new(new MemoryStream(json), json.Length, [new("content-type", "application/json")]);
    }
}
