using Pds.Domain.DataModel;
using Pds.Domain.Repositories;

namespace Pds.UnitTests.Repositories;

/// <summary>A random history of one repository and, beside it, what its records must be.</summary>
internal sealed class History(int seed, int keys)
{
    private readonly Random _random = new(seed);

    public Repository Repository { get; private set; } = Given.NewRepository();

    public SortedDictionary<string, Cid> Records { get; } = new(StringComparer.Ordinal);

    public Dictionary<Cid, DataMap> Contents { get; } = [];

    /// <summary>Makes one commit of up to so many writes, each path at most once.</summary>
    public RepositoryChange Step(int maxWrites)
    {
        var writes = new List<RecordWrite>();
        foreach (int key in Enumerable.Range(0, keys).OrderBy(_ => _random.Next()).Take(_random.Next(maxWrites + 1)))
        {
            RecordPath path = Given.Path($"k{key}", key % 3 == 0 ? "com.example.other" : "app.bsky.feed.post");
            writes.Add(Write(path));
        }

        RepositoryChange change = Repository.Apply(writes);
        Repository = Repository.Advance(change);
        return change;
    }

    private RecordWrite Write(RecordPath path)
    {
        string text = path.ToString();
        if (Records.ContainsKey(text) && _random.Next(5) < 2)
        {
            Records.Remove(text);
            return RecordWrite.Delete(path);
        }

        // Few different texts, so that paths share content and content moves between them.
        DataMap record = Given.Post($"text {_random.Next(keys)}");
        Contents[record.Cid] = record;
        RecordWrite write = Records.ContainsKey(text) ? RecordWrite.Update(path, record) : RecordWrite.Create(path, record);
        Records[text] = record.Cid;
        return write;
    }
}
