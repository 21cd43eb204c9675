namespace StarKV.Schedule;

/// <summary>What is held on the device for requests to come, and can be given up for those that are there.</summary>
/// <remarks>Not thread-safe but for <see cref="LastDeviceBytes"/>: it belongs on the inference thread.</remarks>
internal interface IHeldMemory
{
    /// <summary>Bytes held on the device.</summary>
    long DeviceBytes { get; }

    /// <summary>The bytes after the last change; from any thread.</summary>
    long LastDeviceBytes { get; }

    /// <summary>Gives up what was not used for longest; false when nothing can be given up.</summary>
    bool Release();
}
