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

    /// <summary>A member of the same class that is valid only together with this one: where its value cannot be read, this one is left unset, so that there is one fault. Default: none.</summary>
    public string? Pair { get; set; }

    /// <summary>Whether 0 stands for the default. Default <see langword="false"/>.</summary>
    public bool IsZeroDefault { get; set; }

    /// <summary>Whether the official distribution does not know the variable. Default <see langword="false"/>.</summary>
    public bool IsOwn { get; set; }

    /// <summary>The default of the official distribution, in words, where it differs. Default: none.</summary>
    public string? OfficialDefault { get; set; }
}
