using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using StarKV;
using StarKV.Extensions.AI;
using StarKV.Extensions.AI.Services;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers StarKV's model and its chat client.</summary>
/// <remarks>
/// Each registration gives a <see cref="GuiAgent"/>, a <see cref="StarKvChatClient"/> and, as the same object, an
/// <see cref="IChatClient"/>: one of each, freed with the container. The options are checked when the host starts; the model is loaded
/// when one of the three is first asked for. A <see cref="TimeProvider"/> among the services is the client's clock.
/// </remarks>
public static class StarKvServiceCollectionExtensions
{
    /// <summary>Registers a model that a section of the configuration describes.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">The section, with the keys of <see cref="StarKvServiceOptions"/>; any other key is refused.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddStarKv(this IServiceCollection services, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return Add(services, null, section.Path, Bound(section));
    }

    /// <summary>Registers a model that the program describes.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddStarKv(this IServiceCollection services, Action<StarKvServiceOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, null, nameof(StarKvServiceOptions), options => options.Configure(configure));
    }

    /// <summary>Registers one of several models, under a key.</summary>
    /// <param name="services">The services.</param>
    /// <param name="key">The key of its services, and the name of its options.</param>
    /// <param name="section">The section, with the keys of <see cref="StarKvServiceOptions"/>; any other key is refused.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddKeyedStarKv(this IServiceCollection services, string key, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(section);
        return Add(services, key, section.Path, Bound(section));
    }

    /// <summary>Registers one of several models, under a key.</summary>
    /// <param name="services">The services.</param>
    /// <param name="key">The key of its services, and the name of its options.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddKeyedStarKv(this IServiceCollection services, string key, Action<StarKvServiceOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, key, $"{nameof(StarKvServiceOptions)}[{key}]", options => options.Configure(configure));
    }

    private static Action<OptionsBuilder<StarKvServiceOptions>> Bound(IConfigurationSection section) =>
        options => options.Bind(section, binder => binder.ErrorOnUnknownConfiguration = true);

    private static IServiceCollection Add(
        IServiceCollection services, string? key, string section, Action<OptionsBuilder<StarKvServiceOptions>> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        var name = key ?? Options.Options.DefaultName;
        var options = services.AddOptions<StarKvServiceOptions>(name);
        configure(options);
        options.ValidateOnStart();
        services.AddSingleton<IValidateOptions<StarKvServiceOptions>>(new ServiceOptionsValidation(name, section));
        services.TryAdd(ServiceDescriptor.KeyedSingleton(key, (provider, _) => ServiceSettings.Load(Read(provider))));
        services.TryAdd(ServiceDescriptor.KeyedSingleton(key, (provider, _) => new StarKvChatClient(
            Service<GuiAgent>(provider), ServiceSettings.Chat(Read(provider)), provider.GetService<TimeProvider>())));
        services.TryAdd(ServiceDescriptor.KeyedSingleton<IChatClient>(key, (provider, _) => Service<StarKvChatClient>(provider)));
        return services;

        StarKvServiceOptions Read(IServiceProvider provider) =>
            provider.GetRequiredService<IOptionsMonitor<StarKvServiceOptions>>().Get(name);

        T Service<T>(IServiceProvider provider) where T : notnull =>
            key is null ? provider.GetRequiredService<T>() : provider.GetRequiredKeyedService<T>(key);
    }
}
