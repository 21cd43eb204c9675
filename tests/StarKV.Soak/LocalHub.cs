using StarKV.Cli.Tests.Hub;

namespace StarKV.Soak;

/// <summary>The hub of the tests as a program of its own, for scripts that kill who pulls from it.</summary>
internal static class LocalHub
{
    /// <summary>Serves the files of a folder as org/tiny until the process is ended.</summary>
    /// <param name="folder">Holds the files.</param>
    /// <param name="bytesPerSecond">How fast each file is sent.</param>
    public static async Task RunAsync(string folder, int bytesPerSecond)
    {
        using var server = new HubServer { BytesPerSecond = bytesPerSecond };
        server.Files.Clear();
        foreach (var file in Directory.EnumerateFiles(folder))
            server.Files[Path.GetFileName(file)] = await File.ReadAllBytesAsync(file);
        Console.WriteLine(server.Address.AbsoluteUri);
        await Task.Delay(Timeout.Infinite);
    }
}
