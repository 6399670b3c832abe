namespace Pds.Infrastructure.Http;

/// <summary>An outgoing request brought no usable answer: refused by us, unreachable, too slow or too big.</summary>
/// <param name="message">What happened: one sentence, fit for clients, without addresses.</param>
/// <param name="inner">The fault below, if there was one.</param>
internal sealed class FetchException(string message, Exception? inner = null) : Exception(message, inner);
