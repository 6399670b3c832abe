using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Pds.Arrows;

/// <summary>That types of one folder use types of another.</summary>
/// <param name="From">The folder that uses.</param>
/// <param name="To">The folder that is used.</param>
/// <param name="Uses">Who uses what: pairs of type names.</param>
internal sealed record Arrow(string From, string To, IReadOnlyList<string> Uses);

/// <summary>Reads from a compiled assembly which of its folders (the part of a namespace behind the root) use which.</summary>
/// <remarks>
/// Counted are types, not <c>using</c> directives: base types, interfaces, fields, signatures, constraints, attributes, local variables, and whatever the IL of a
/// method names. Nested types, so closures and state machines too, count as the type they are nested in. Constants are not seen: the compiler copies them.
/// </remarks>
internal static class FolderArrows
{
    /// <summary>Reads an assembly.</summary>
    /// <param name="path">The file.</param>
    /// <param name="root">The namespace whose parts are the folders.</param>
    public static IReadOnlyList<Arrow> Read(string path, string root)
    {
        using var file = new PEReader(File.OpenRead(path));
        return new AssemblyReading(file, root).Read();
    }

    /// <summary>The groups of folders that reach each other, directly or by way of others.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> FindCircles(IReadOnlyList<Arrow> arrows)
    {
        ILookup<string, string> next = arrows.ToLookup(arrow => arrow.From, arrow => arrow.To);
        Dictionary<string, HashSet<string>> reach = arrows.Select(arrow => arrow.From).Distinct().ToDictionary(from => from, from => Reach(from, next));
        return
        [
            .. reach.Where(pair => pair.Value.Contains(pair.Key))
                .Select(pair => pair.Value.Where(other => reach.TryGetValue(other, out HashSet<string>? back) && back.Contains(pair.Key)).Order(StringComparer.Ordinal).ToArray())
                .DistinctBy(circle => string.Join(' ', circle)),
        ];
    }

    private static HashSet<string> Reach(string from, ILookup<string, string> next)
    {
        HashSet<string> reached = [];
        Stack<string> open = new(next[from]);
        while (open.TryPop(out string? folder))
        {
            if (reached.Add(folder))
            {
                foreach (string further in next[folder])
                {
                    open.Push(further);
                }
            }
        }

        return reached;
    }
}

/// <summary>One pass through the types of an assembly.</summary>
internal sealed class AssemblyReading
{
    private static readonly Dictionary<short, OperandType> Operands = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value, code => code.OperandType);

    private readonly PEReader _file;
    private readonly MetadataReader _metadata;
    private readonly string _root;
    private readonly UsedTypes _used;

    public AssemblyReading(PEReader file, string root)
    {
        _file = file;
        _metadata = file.GetMetadataReader();
        _root = $"{root}.";
        _used = new UsedTypes();
    }

    public IReadOnlyList<Arrow> Read()
    {
        HashSet<(string From, string To, string Use)> uses = [];
        foreach (TypeDefinitionHandle handle in _metadata.TypeDefinitions)
        {
            (string folder, string name) = Locate(handle);
            _used.Types.Clear();
            Read(_metadata.GetTypeDefinition(handle));
            foreach (TypeDefinitionHandle used in _used.Types)
            {
                (string other, string otherName) = Locate(used);
                if (folder.Length > 0 && other.Length > 0 && folder != other)
                {
                    uses.Add((folder, other, $"{name} -> {otherName}"));
                }
            }
        }

        return
        [
            .. uses.GroupBy(use => (use.From, use.To))
                .OrderBy(group => group.Key.From, StringComparer.Ordinal).ThenBy(group => group.Key.To, StringComparer.Ordinal)
                .Select(group => new Arrow(group.Key.From, group.Key.To, [.. group.Select(use => use.Use).Order(StringComparer.Ordinal)])),
        ];
    }

    /// <summary>Folder and name of the outermost type; no folder for what the compiler added.</summary>
    private (string Folder, string Name) Locate(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _metadata.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil)
        {
            type = _metadata.GetTypeDefinition(type.GetDeclaringType());
        }

        string space = _metadata.GetString(type.Namespace);
        return (space.StartsWith(_root, StringComparison.Ordinal) ? space[_root.Length..].Split('.')[0] : "", _metadata.GetString(type.Name));
    }

    private void Read(TypeDefinition type)
    {
        Use(type.BaseType);
        Use(type.GetCustomAttributes());
        Use(type.GetGenericParameters());
        foreach (InterfaceImplementationHandle handle in type.GetInterfaceImplementations())
        {
            Use(_metadata.GetInterfaceImplementation(handle).Interface);
        }

        foreach (FieldDefinitionHandle handle in type.GetFields())
        {
            FieldDefinition field = _metadata.GetFieldDefinition(handle);
            field.DecodeSignature(_used, null);
            Use(field.GetCustomAttributes());
        }

        foreach (MethodDefinitionHandle handle in type.GetMethods())
        {
            MethodDefinition method = _metadata.GetMethodDefinition(handle);
            method.DecodeSignature(_used, null);
            Use(method.GetCustomAttributes());
            Use(method.GetGenericParameters());
            if (method.RelativeVirtualAddress != 0)
            {
                Read(_file.GetMethodBody(method.RelativeVirtualAddress));
            }
        }
    }

    private void Read(MethodBodyBlock body)
    {
        if (!body.LocalSignature.IsNil)
        {
            _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_used, null);
        }

        foreach (ExceptionRegion region in body.ExceptionRegions)
        {
            Use(region.CatchType);
        }

        BlobReader il = body.GetILReader();
        while (il.RemainingBytes > 0)
        {
            byte first = il.ReadByte();
            short code = first == 0xfe ? unchecked((short)(0xfe00 | il.ReadByte())) : first;
            switch (Operands[code])
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    Use(MetadataTokens.EntityHandle(il.ReadInt32()));
                    break;
                case OperandType.InlineSwitch:
                    int targets = il.ReadInt32();
                    il.Offset += sizeof(int) * targets;
                    break;
                case var operand:
                    il.Offset += LengthOf(operand);
                    break;
            }
        }
    }

    private static int LengthOf(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    private void Use(CustomAttributeHandleCollection attributes)
    {
        foreach (CustomAttributeHandle handle in attributes)
        {
            Use(_metadata.GetCustomAttribute(handle).Constructor);
        }
    }

    private void Use(GenericParameterHandleCollection parameters)
    {
        foreach (GenericParameterHandle handle in parameters)
        {
            foreach (GenericParameterConstraintHandle constraint in _metadata.GetGenericParameter(handle).GetConstraints())
            {
                Use(_metadata.GetGenericParameterConstraint(constraint).Type);
            }
        }
    }

    private void Use(EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case var _ when handle.IsNil:
                break;
            case HandleKind.TypeDefinition:
                _used.Types.Add((TypeDefinitionHandle)handle);
                break;
            case HandleKind.TypeSpecification:
                _metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(_used, null);
                break;
            case HandleKind.MethodDefinition:
                Use(_metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                _metadata.GetMethodDefinition((MethodDefinitionHandle)handle).DecodeSignature(_used, null);
                break;
            case HandleKind.FieldDefinition:
                Use(_metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                _metadata.GetFieldDefinition((FieldDefinitionHandle)handle).DecodeSignature(_used, null);
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification made = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                made.DecodeSignature(_used, null);
                Use(made.Method);
                break;
            case HandleKind.MemberReference:
                MemberReference member = _metadata.GetMemberReference((MemberReferenceHandle)handle);
                Use(member.Parent);
                _ = member.GetKind() == MemberReferenceKind.Method ? (object)member.DecodeMethodSignature(_used, null) : member.DecodeFieldSignature(_used, null);
                break;
        }
    }

    /// <summary>Notes the types that a signature names.</summary>
    private sealed class UsedTypes : ISignatureTypeProvider<int, object?>
    {
        public HashSet<TypeDefinitionHandle> Types { get; } = [];

        public int GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
        {
            Types.Add(handle);
            return 0;
        }

        public int GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

        public int GetArrayType(int elementType, ArrayShape shape) => 0;

        public int GetByReferenceType(int elementType) => 0;

        public int GetFunctionPointerType(MethodSignature<int> signature) => 0;

        public int GetGenericInstantiation(int genericType, System.Collections.Immutable.ImmutableArray<int> typeArguments) => 0;

        public int GetGenericMethodParameter(object? genericContext, int index) => 0;

        public int GetGenericTypeParameter(object? genericContext, int index) => 0;

        public int GetModifiedType(int modifier, int unmodifiedType, bool isRequired) => 0;

        public int GetPinnedType(int elementType) => 0;

        public int GetPointerType(int elementType) => 0;

        public int GetPrimitiveType(PrimitiveTypeCode typeCode) => 0;

        public int GetSZArrayType(int elementType) => 0;

        public int GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => 0;
    }
}
