namespace StarKV.Cli.Commands;

/// <summary>Finds the model that is shipped with the project.</summary>
public static class ShippedModel
{
    /// <summary>The folder <c>models/mini</c> next to or above the working directory or the program.</summary>
    /// <exception cref="StarKvException">It is in none of these places.</exception>
    public static string Find()
    {
        foreach (var start in new[] { Environment.CurrentDirectory, AppContext.BaseDirectory })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var candidate = Path.Combine(folder.FullName, "models", "mini");
                if (File.Exists(Path.Combine(candidate, "config.json")))
                    return candidate;
            }
        }

        throw new StarKvException("the shipped model was not found; run the command inside a clone of the project, where models/mini is.");
    }
}
