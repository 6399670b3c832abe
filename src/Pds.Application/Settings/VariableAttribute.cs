namespace Pds.Application.Settings;

/// <summary>The environment variable that sets a member when <c>pds</c> is run: named as in the official distribution where that has one.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class VariableAttribute : Attribute
{
    /// <summary>Names the variable of a member.</summary>
    /// <param name="name">The whole name, such as <c>PDS_PORT</c>.</param>
    public VariableAttribute(string name) => Name = name;

    /// <summary>The whole name, such as <c>PDS_PORT</c>.</summary>
    public string Name { get; }
}
