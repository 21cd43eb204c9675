using System.Diagnostics;
using System.Net.WebSockets;
using StarKV.Cli.Tests;

[assembly: AssemblyFixture(typeof(StarKV.Server.Tests.Pages.Browser))]

namespace StarKV.Server.Tests.Pages;

/// <summary>Debian's browser without a window, steered by its own protocol; started when first asked for, and ended by its own id.</summary>
public sealed class Browser : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly TempFolder _profile = new();
    private Process? _process;
    private string _address = "";

    /// <summary>Opens an address in a page of its own.</summary>
    /// <param name="address">The address.</param>
    /// <param name="width">Width of the window in pixels.</param>
    /// <param name="height">Its height.</param>
    /// <param name="dark">Whether its user likes dark pages.</param>
    public async Task<BrowserPage> OpenAsync(string address, int width = 1400, int height = 1000, bool dark = false)
    {
        var stop = TestContext.Current.CancellationToken;
        await StartAsync(stop);
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri(_address), stop);
        var page = new BrowserPage(socket, stop);
        await page.BeginAsync(width, height, dark);
        await page.GoAsync(address);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _profile.Dispose();
        _gate.Dispose();
    }

    private async Task StartAsync(CancellationToken stop)
    {
        await _gate.WaitAsync(stop);
        try
        {
            if (_process is not null)
                return;
            const string says = "DevTools listening on ";
            var start = new ProcessStartInfo(
                TestPrograms.Chromium(),
                [
                    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
                    "--remote-debugging-port=0", $"--user-data-dir={_profile.Path}", "about:blank",
                ])
            { RedirectStandardError = true, RedirectStandardOutput = true };
            _process = Process.Start(start)!;
            while (await _process.StandardError.ReadLineAsync(stop) is { } line)
            {
                if (line.StartsWith(says, StringComparison.Ordinal))
                {
                    _address = line[says.Length..].Trim();
                    // Nobody reads what it says later, and it must not wait for that.
                    _ = _process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                    _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                    return;
                }
            }

            Assert.Fail("The browser has ended.");
        }
        finally
        {
            _gate.Release();
        }
    }
}
