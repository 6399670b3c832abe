using Pds.Arrows;

// dotnet run --project tools/Arrows -- <assembly> <root namespace> [--uses]
if (args.Length < 2)
{
    Console.Error.WriteLine("Give an assembly and the namespace whose parts are its folders: Pds.Infrastructure.dll Pds.Infrastructure");
    return 2;
}

IReadOnlyList<Arrow> arrows = FolderArrows.Read(args[0], args[1]);
IReadOnlyList<IReadOnlyList<string>> circles = FolderArrows.FindCircles(arrows);
Console.WriteLine($"{args[1]}: {arrows.Count} arrows, {circles.Count} circles");
foreach (Arrow arrow in arrows)
{
    Console.WriteLine($"  {arrow.From} -> {arrow.To} ({arrow.Uses.Count})");
    foreach (string use in args.Contains("--uses") ? arrow.Uses : [])
    {
        Console.WriteLine($"      {use}");
    }
}

foreach (IReadOnlyList<string> circle in circles)
{
    Console.WriteLine($"  circle: {string.Join(", ", circle)}");
}

return circles.Count == 0 ? 0 : 1;
