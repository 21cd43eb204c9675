using StarKV.Files;

namespace StarKV.Evaluation.Benchmarks.Data;

/// <summary>
/// Model and results of a run when the command line does not name them:
/// the variables of the released programs, then <c>starkv.local.json</c>.
/// </summary>
public static class RunPaths
{
    /// <summary>The model; null when none is named.</summary>
    /// <param name="family">The family asked for; null for UI-TARS.</param>
    /// <param name="variable">Gives an environment variable or null.</param>
    /// <param name="localFile">The local file, whose <c>model</c> comes last; passed over when it does not exist.</param>
    /// <exception cref="StarKvException">The local file is malformed.</exception>
    public static string? Model(AnswerFamily? family, Func<string, string?> variable, string localFile = DataFolders.LocalFile)
    {
        // The released programs know two families.
        var (own, folder) = family switch
        {
            AnswerFamily.OpenCua => ("OPENCUA_MODEL_PATH", "OpenCUA-7B"),
            null or AnswerFamily.UiTars => ("UITARS_MODEL_PATH", "UI-TARS-1.5-7B"),
            _ => ("", ""),
        };
        return Named("MODEL_PATH")
            ?? Named(own)
            ?? (folder.Length > 0 && Named("STARKV_MODEL_DIR") is { } all ? Path.Combine(all, folder) : null)
            ?? JsonFile.ReadIfPresent(localFile)?.Text("model");

        string? Named(string name) => name.Length > 0 && variable(name) is { Length: > 0 } value ? value : null;
    }

    /// <summary>The run's folder: below <c>STARKV_RESULTS_DIR</c> by the benchmark's name, else <c>starkv-eval</c>.</summary>
    public static string Results(string benchmark, Func<string, string?> variable) =>
        variable("STARKV_RESULTS_DIR") is { Length: > 0 } folder ? Path.Combine(folder, benchmark.Replace('/', '-')) : "starkv-eval";
}
