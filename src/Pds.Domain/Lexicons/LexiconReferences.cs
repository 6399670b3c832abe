namespace Pds.Domain.Lexicons;

/// <summary>Follows what definitions refer to, across lexicons.</summary>
public static class LexiconReferences
{
    /// <summary>Everything that stands in the way of using a definition.</summary>
    /// <param name="from">The definition to start at.</param>
    /// <param name="lexicons">Where the others are looked for.</param>
    public static IReadOnlyList<LexiconGap> FindGaps(LexiconSchema from, ILexiconSource lexicons)
    {
        List<LexiconGap> gaps = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        Stack<LexiconSchema> open = new([from]);
        while (open.TryPop(out LexiconSchema? schema))
        {
            foreach ((string name, bool isMember) in ReferencesOf(schema))
            {
                LexiconSchema? target = lexicons.Find(name);
                string? fault = LexiconKinds.Judge(target, isMember);
                if (fault is not null)
                {
                    gaps.Add(new LexiconGap(name, fault, IsMissing: target is null));
                }
                else if (seen.Add(name))
                {
                    open.Push(target!);
                }
            }
        }

        return gaps;
    }

    /// <summary>What a definition and the types within it refer to, and whether as members of a union.</summary>
    internal static IEnumerable<(string Name, bool IsMember)> ReferencesOf(LexiconSchema schema) => schema switch
    {
        RefSchema reference => [(reference.Target, false)],
        UnionSchema union => union.Targets.Select(target => (target, true)),
        ArraySchema array => ReferencesOf(array.Items),
        ObjectSchema map => map.Sorted.SelectMany(property => ReferencesOf(property.Schema)),
        RecordSchema record => ReferencesOf(record.Content),
        MethodSchema method => new[] { method.Parameters, method.Input?.Schema, method.Output?.Schema, method.Message }
            .OfType<LexiconSchema>()
            .SelectMany(ReferencesOf),
        _ => [],
    };
}

/// <summary>A reference that leads nowhere, or to the wrong kind of definition.</summary>
/// <param name="Name">The full name it asks for.</param>
/// <param name="Message">A sentence without its subject, which is the name.</param>
/// <param name="IsMissing">Whether there is no such definition.</param>
public sealed record LexiconGap(string Name, string Message, bool IsMissing);

/// <summary>Which kinds of definitions may be referred to.</summary>
internal static class LexiconKinds
{
    /// <summary>What is wrong with a target, or <see langword="null"/>.</summary>
    public static string? Judge(LexiconSchema? target, bool isMember) => target switch
    {
        null => "is not known",
        ObjectSchema or RecordSchema => null,
        _ when isMember => "is a member of a union, but neither an object nor a record",
        TokenSchema or MethodSchema or PermissionSetSchema => "is referred to, but nothing that data can be",
        _ => null,
    };
}
