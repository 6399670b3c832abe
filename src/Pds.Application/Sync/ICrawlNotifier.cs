namespace Pds.Application.Sync;

/// <summary>Keeps relays aware of this server. Never fails and never makes its caller wait.</summary>
public interface ICrawlNotifier
{
    /// <summary>There is a new event. Relays hear of it at most once in 20 minutes, since those connected need no word from us.</summary>
    void Notify();

    /// <summary>Counts a firehose subscriber until the result is disposed. While there is none, relays are asked to come every 20 minutes.</summary>
    IDisposable CountSubscriber();
}
