using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Pds.Infrastructure.Persistence;

/// <summary>Makes EF Core's SQLite provider run on the SQLitePCLRaw at hand and on the system's SQLite. Why: docs/decisions/0003-sqlite-library.md.</summary>
internal static class SqliteLibrary
{
    private const string Core = "SQLitePCLRaw.core";
    private const string Provider = "SQLitePCLRaw.provider.e_sqlite3";
    private const string NativeName = "e_sqlite3";

    private static readonly string[] SystemNames = ["libsqlite3.so.0", "libsqlite3.dylib", "winsqlite3.dll"];

    // The assembly that asks for SQLitePCLRaw.core 2.1 is loaded by the first use of EF Core, so this must run before anything of ours does.
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "There is no later moment at which the binding can still be influenced.")]
    internal static void Initialize()
    {
        AssemblyLoadContext.Default.Resolving += ResolveCore;
        AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) => PreferSystemLibrary(loaded.LoadedAssembly);
        foreach (Assembly assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            PreferSystemLibrary(assembly);
        }
    }

    private static Assembly? ResolveCore(AssemblyLoadContext context, AssemblyName name) =>
        name.Name == Core && name.Version is { Major: 2 }
            ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, Core + ".dll"))
            : null;

    private static void PreferSystemLibrary(Assembly assembly)
    {
        if (assembly.GetName().Name == Provider)
        {
            NativeLibrary.SetDllImportResolver(assembly, (name, from, path) => name == NativeName ? LoadSystemLibrary() : 0);
        }
    }

    private static nint LoadSystemLibrary()
    {
        foreach (string name in SystemNames)
        {
            if (NativeLibrary.TryLoad(name, out nint handle))
            {
                return handle;
            }
        }

        return 0; // the library that the package brings along
    }
}
