namespace Pds.Infrastructure.Accounts.Smtp;

/// <summary>A reply of a mail server.</summary>
/// <param name="Code">Its three digits.</param>
/// <param name="Lines">What follows the digits, line by line.</param>
internal sealed record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    private const int MaxQuotedLength = 200;

    public bool IsPositive => Code is >= 200 and < 300;

    /// <summary>What the server said, for the log. Words with an <c>@</c> are addresses, which do not belong there.</summary>
    public string Quote()
    {
        string text = string.Join(' ', Lines.SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(word => word.Contains('@', StringComparison.Ordinal) ? "(address)" : word));
        string printable = new([.. text.Select(c => char.IsControl(c) ? '?' : c)]);
        return $"{Code} {(printable.Length > MaxQuotedLength ? printable[..MaxQuotedLength] : printable)}".TrimEnd();
    }

    /// <summary>The words behind a keyword of an EHLO reply; <see langword="null"/> when the server does not know the keyword.</summary>
    public IReadOnlyList<string>? Find(string keyword)
    {
        foreach (string line in Lines.Skip(1))
        {
            string[] words = line.Split([' ', '='], StringSplitOptions.RemoveEmptyEntries); // some old servers write AUTH=LOGIN
            if (words.Length > 0 && words[0].Equals(keyword, StringComparison.OrdinalIgnoreCase))
            {
                return words[1..];
            }
        }

        return null;
    }
}
