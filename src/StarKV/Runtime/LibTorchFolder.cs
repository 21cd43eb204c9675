namespace StarKV.Runtime;

/// <summary>Where libtorch's libraries may lie.</summary>
internal static class LibTorchFolder
{
    /// <summary>The NuGet package that holds the default libtorch.</summary>
    public const string CpuPackage = "libtorch-cpu-linux-x64", CpuPackageVersion = "2.10.0";

    private const string OfTheApplication = "application folder", OfTheCache = "NuGet package";

    /// <summary>The folder that <see cref="LibTorch.Load"/> takes, and where it comes from.</summary>
    /// <exception cref="StarKvException">No candidate holds libtorch.</exception>
    public static (string Folder, string Source) Find()
    {
        var candidates = Candidates().ToList();
        var found = candidates.FirstOrDefault(c => File.Exists(Path.Combine(c.Folder, "libtorch_cpu.so")));
        if (found.Folder is not null)
            return found;
        throw new StarKvException(candidates[0].Source == LibTorch.FolderVariable
            ? $"{LibTorch.FolderVariable} is '{candidates[0].Folder}', but there is no libtorch_cpu.so in it. " +
                $"Name the folder that holds libtorch's .so files, or unset the variable."
            : $"libtorch was not found. Add it to the program ('dotnet add package {CpuPackage} --version " +
                $"{CpuPackageVersion}', then 'dotnet restore'), " +
              $"or set {LibTorch.FolderVariable} to a folder with libtorch's .so files.");
    }

    /// <summary>The folders that are looked into, in order, with where each comes from.</summary>
    public static IEnumerable<(string Folder, string Source)> Candidates()
    {
        if (Environment.GetEnvironmentVariable(LibTorch.FolderVariable) is { Length: > 0 } chosen)
        {
            yield return (chosen, LibTorch.FolderVariable);
            yield break;
        }

        foreach (var folder in OfApplication())
            yield return (folder, OfTheApplication);
        yield return (OfPackage(CpuPackage, CpuPackageVersion), OfTheCache);
    }

    /// <summary>What to do about a damaged library, by where its folder comes from.</summary>
    public static string WayOut(string source) => source switch
    {
        OfTheApplication => "Build or publish the application again.",
        OfTheCache => "Delete this package's folder and run 'dotnet restore' again.",
        _ => $"Install that libtorch again, or let {LibTorch.FolderVariable} name another folder.",
    };

    /// <summary>The folders in which .NET looks for the application's native libraries.</summary>
    public static IEnumerable<string> OfApplication()
    {
        var known = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        return known.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory)
            .Append(Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"))
            .Distinct();
    }

    /// <summary>The folder of native libraries of a restored package.</summary>
    public static string OfPackage(string name, string version) =>
        Path.Combine(PackagesFolder(), name, version, "runtimes", "linux-x64", "native");

    private static string PackagesFolder() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
