using System.Collections.Concurrent;
using Pds.Application.Accounts;

namespace Pds.Infrastructure.Accounts;

/// <summary>Keeps the last mails in memory instead of sending them; development mode shows them at <c>/dev/mailbox</c>.</summary>
public sealed class DevelopmentMailbox(TimeProvider time) : IMailer
{
    private const int Capacity = 100;
    private readonly ConcurrentQueue<ReceivedMail> _mails = new();

    /// <summary>The mails, newest first.</summary>
    public IReadOnlyList<ReceivedMail> Mails => [.. _mails.Reverse()];

    /// <inheritdoc />
    public Task SendAsync(Mail mail, CancellationToken cancellationToken)
    {
        _mails.Enqueue(new ReceivedMail(time.GetUtcNow(), mail));
        while (_mails.Count > Capacity && _mails.TryDequeue(out _))
        {
        }

        return Task.CompletedTask;
    }
}

/// <summary>A mail in the development mailbox.</summary>
/// <param name="At">When it came.</param>
/// <param name="Mail">The mail.</param>
public sealed record ReceivedMail(DateTimeOffset At, Mail Mail);
