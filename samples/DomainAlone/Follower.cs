using System.Net.WebSockets;
using Pds.Domain.Crypto;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.Domain.Repositories;
using Pds.Domain.Sync;

namespace DomainAlone;

/// <summary>Follows a firehose and believes nothing that is not proven: signature, operations, order.</summary>
/// <param name="resolve">Gives the current DID document of an account, from a directory or a cache.</param>
/// <param name="verifier">Checks signatures of both curves.</param>
/// <param name="time">Tells a revision of the future.</param>
public sealed class Follower(Func<Did, CancellationToken, ValueTask<DidDocument>> resolve, IVerifier verifier, TimeProvider time)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private readonly Dictionary<Did, Commit> _heads = [];

    /// <summary>Where to come back to: give it as the parameter <c>cursor</c>.</summary>
    public long Cursor { get; private set; }

    /// <summary>The last commit of each repository that was seen and proven.</summary>
    public IReadOnlyDictionary<Did, Commit> Heads => _heads;

    /// <summary>Accounts whose repository has to be fetched again, since an event was missed or refused.</summary>
    public HashSet<Did> OutOfStep { get; } = [];

    /// <summary>Reads a socket of <c>com.atproto.sync.subscribeRepos</c> until it closes.</summary>
    /// <exception cref="FormatException">The server sends something that is not a message of this stream.</exception>
    public async Task FollowAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[EventFrame.MaxBytes];
        int length = 0;
        while (await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken) is { MessageType: not WebSocketMessageType.Close } part)
        {
            length += part.Count;
            if (part.EndOfMessage)
            {
                await TakeAsync(EventFrame.Decode(buffer.AsSpan(0, length).ToArray()), cancellationToken);      // a copy, of which commits keep slices
                length = 0;
            }
            else if (length == buffer.Length)
            {
                throw new FormatException("The message is longer than any may be.");
            }
        }
    }

    /// <summary>Takes one message.</summary>
    public async Task TakeAsync(StreamMessage message, CancellationToken cancellationToken)
    {
        switch (message)
        {
            case EventMessage { Event: var repoEvent, Seq: var seq }:
                await TakeAsync(repoEvent, cancellationToken);
                Cursor = seq;
                break;
            case InfoMessage info:
                Console.WriteLine($"{info.Name}: {info.Message}");
                break;
            case ErrorMessage error:
                throw new InvalidOperationException($"The server ends the stream: {error.Error}. {error.Message}");
            default:
                break;      // of a newer protocol
        }
    }

    private async Task TakeAsync(RepoEvent repoEvent, CancellationToken cancellationToken)
    {
        try
        {
            switch (repoEvent)
            {
                case CommitEvent { Claim: var claim }:
                    Keep(CommitVerification.Verify(claim, await KeyOfAsync(claim.Did, cancellationToken), verifier), claim);
                    break;
                case SyncEvent { Commit: var commit } when commit.HasSignatureOf(await KeyOfAsync(commit.Did, cancellationToken), verifier):
                    _heads[commit.Did] = commit;        // the new head; what lies below it has to be fetched
                    OutOfStep.Add(commit.Did);
                    break;
                case AccountEvent { IsActive: false }:
                    _heads.Remove(repoEvent.Did);
                    break;
                default:
                    break;      // an IdentityEvent: drop the DID document from your cache
            }
        }
        catch (FormatException e)
        {
            Console.WriteLine($"{repoEvent.Did}: {e.Message}");
            OutOfStep.Add(repoEvent.Did);
        }
    }

    private void Keep(Commit commit, CommitClaim claim)
    {
        if (commit.Rev > Tid.Create((long)(time.GetUtcNow() + Tolerance - DateTimeOffset.UnixEpoch).TotalMicroseconds, Tid.MaxClockId))
        {
            throw new FormatException("The revision lies in the future.");
        }

        if (_heads.TryGetValue(commit.Did, out Commit? last) && !claim.Follows(last))
        {
            throw new FormatException("A commit was missed.");
        }

        _heads[commit.Did] = commit;
    }

    private async ValueTask<PublicKey> KeyOfAsync(Did did, CancellationToken cancellationToken) =>
        (await resolve(did, cancellationToken)).SigningKey ?? throw new FormatException("The DID document has no signing key.");
}
