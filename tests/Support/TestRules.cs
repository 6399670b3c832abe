using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Pds.InteropData;

/// <summary>Rules for the tests of this assembly: each can fail, and none is skipped but where <see cref="Requirement"/> says so.</summary>
internal sealed partial class TestRules
{
    private const int Depth = 4;
    private static readonly Dictionary<ushort, OpCode> OpCodesByValue = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => (ushort)code.Value);

    [Test]
    public void Tests_AllAssertSomething()
    {
        List<MethodInfo> tests = [.. typeof(TestRules).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => method.IsDefined(typeof(TestAttribute), false) || method.IsDefined(typeof(TestCaseAttribute), false) || method.IsDefined(typeof(TestCaseSourceAttribute), false))];

        Assert.That(tests, Has.Count.GreaterThan(100));
        Assert.That(tests.Where(test => !HasExpectedResult(test) && !Asserts(test, Depth, [])).Select(test => $"{test.DeclaringType!.Name}.{test.Name}"), Is.Empty);
    }

    [Test]
    public void Files_SkipAndPassNothingByDecree()
    {
        string[] files = [.. TestFiles().Where(file => Path.GetFileName(file) is not ("Requirement.cs" or "TestRules.cs"))];

        Assert.That(files, Has.Length.GreaterThan(50));
        Assert.That(files.Where(file => Decree().IsMatch(File.ReadAllText(file))).Select(Path.GetFileName), Is.Empty);
    }

    [Test]
    public void Classes_ThatReadSharedData_SaySo()
    {
        string[] readers = [.. TestFiles().Where(file => File.ReadAllText(file) is var text && ReadsSharedData().IsMatch(text) && text.Contains("    [Test", StringComparison.Ordinal)
            && Path.GetFileName(file) != "TestRules.cs")];

        Assert.That(readers, Is.Not.Empty);
        Assert.That(readers.Where(file => !File.ReadAllText(file).Contains("[Category(SharedData.Category)]", StringComparison.Ordinal)).Select(Path.GetFileName), Is.Empty);
    }

    private static IEnumerable<string> TestFiles() =>
        Directory.EnumerateFiles(FolderOf(typeof(TestRules).Assembly), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static string FolderOf(Assembly assembly)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, $"{assembly.GetName().Name}.csproj")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("The project is in no folder above the tests.");
    }

    /// <summary>Whether a method or one that it calls in this assembly calls an assertion; what an async method does is in its state machine.</summary>
    private static bool Asserts(MethodBase method, int depth, HashSet<MethodBase> seen)
    {
        if (depth == 0 || !seen.Add(method))
        {
            return false;
        }

        MethodBase body = method.GetCustomAttribute<StateMachineAttribute>() is { } machine
            ? machine.StateMachineType.GetMethod("MoveNext", BindingFlags.Instance | BindingFlags.NonPublic)!
            : method;
        List<MethodBase> called = [.. Called(body)];
        return called.Exists(IsAssertion) || called.Exists(next => next.DeclaringType?.Assembly == typeof(TestRules).Assembly && Asserts(next, depth - 1, seen));
    }

    /// <summary>Whether NUnit compares what the test returns.</summary>
    private static bool HasExpectedResult(MethodInfo test) => test.ReturnType != typeof(void) && test.ReturnType != typeof(Task);

    private static bool IsAssertion(MethodBase method) =>
        method.DeclaringType?.FullName is "NUnit.Framework.Assert" or "NUnit.Framework.CollectionAssert" || method.Name.StartsWith("QuickCheckThrowOnFailure", StringComparison.Ordinal);

    private static IEnumerable<MethodBase> Called(MethodBase method)
    {
        byte[] code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (int at = 0; at < code.Length;)
        {
            ushort value = code[at++];
            if (value == 0xFE)
            {
                value = (ushort)((value << 8) | code[at++]);
            }

            OpCode operation = OpCodesByValue[value];
            if (operation.OperandType == OperandType.InlineMethod && Resolve(method, BitConverter.ToInt32(code, at)) is { } called)
            {
                yield return called;
            }

            at += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    private static MethodBase? Resolve(MethodBase method, int token)
    {
        MethodBase? called = method.Module.ResolveMethod(
            token, method.DeclaringType?.GetGenericArguments(), method.IsGenericMethod ? method.GetGenericArguments() : null);
        return called is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericMethodDefinition() : called;
    }

    [GeneratedRegex(@"Assert\.(Pass|Ignore|Inconclusive)\(|Assert\.That\(true\b|Assume\.|\[Ignore\(|\[Explicit")]
    private static partial Regex Decree();

    [GeneratedRegex(@"\b(SharedData\.(Find|Files|Require)|InteropLines\.Of|MstFixtures\.Items|CryptoFixtures\.Read|PublishedSchema\.MethodsOf)\(?")]
    private static partial Regex ReadsSharedData();
}
