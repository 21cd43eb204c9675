namespace StarKV.Files;

/// <summary>Names of what is being made, which no other process has. What a killed run left under one is never touched again.</summary>
#pragma warning disable IDE0040 // Public in the engine (SharedWithMiniGui.cs), internal in StarKV.MiniGui, which compiles this file too.
static partial class TemporaryName
#pragma warning restore IDE0040
{
    /// <summary>A hidden name in a folder.</summary>
    public static string In(string folder) => Path.Combine(folder, $".starkv-{Guid.NewGuid():N}.tmp");

    /// <summary>A name that people see and can tell whose it was, for the one moment in which a folder stands aside.</summary>
    public static string Aside(string folder)
    {
        var name = Path.GetFileName(folder);
        return Path.Combine(Path.GetDirectoryName(folder)!, $"{name[..Math.Min(name.Length, 50)]}.starkv-{Guid.NewGuid():N}.old");
    }
}
