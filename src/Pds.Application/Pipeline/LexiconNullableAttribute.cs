namespace Pds.Application.Pipeline;

/// <summary>The lexicon lists the member as <c>nullable</c>: <c>null</c> means something else than leaving it out. All other members refuse it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LexiconNullableAttribute : Attribute;
