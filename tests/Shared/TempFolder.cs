namespace StarKV.Tests;

/// <summary>A folder of one test; it is deleted with everything in it.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>The folder's full path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("starkv-").FullName;

    /// <summary>Returns the path of a file in the folder.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string name, byte[] bytes)
    {
        System.IO.File.WriteAllBytes(File(name), bytes);
        return File(name);
    }

    /// <summary>Writes a text file and returns its path.</summary>
    public string Write(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    /// <summary>Writes a script for bash and returns its path; it can be run as a program.</summary>
    public string Script(string name, string text)
    {
        Write(name, $"#!/bin/bash\n{text}\n");
        if (!OperatingSystem.IsWindows())
            System.IO.File.SetUnixFileMode(File(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return File(name);
    }

    /// <summary>Copies a file of the repository under its own name and returns its path.</summary>
    public string Copy(params string[] parts)
    {
        var source = RepositoryFiles.Path(parts);
        var copy = File(System.IO.Path.GetFileName(source));
        System.IO.File.Copy(source, copy);
        return copy;
    }

    /// <summary>Makes a named pipe, to which nobody writes, and returns its path.</summary>
    public string Pipe(string name)
    {
        using var made = System.Diagnostics.Process.Start("mkfifo", File(name));
        made.WaitForExit();
        return made.ExitCode == 0 ? File(name) : throw new IOException($"mkfifo {File(name)} ended with {made.ExitCode}.");
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
