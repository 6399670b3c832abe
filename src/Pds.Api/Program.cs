namespace Pds.Api;
internal static class Program { private static void Main() { } }
