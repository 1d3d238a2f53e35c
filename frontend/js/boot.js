// Runs before the first paint: language, direction and theme as last chosen; then starts the app.
{
  const stored = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage may be forbidden; the defaults do
    }
  };
  const root = document.documentElement;
  const lang = stored("diwan-lang") === "en" ? "en" : "ar";
  root.lang = lang;
  root.dir = lang === "ar" ? "rtl" : "ltr";
  const theme = stored("diwan-theme");
  const dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.classList.toggle("pf-v6-theme-dark", dark);

  const assets = JSON.parse(document.querySelector('meta[name="diwan-assets"]').content);
  // The app asks for its heavy parts (editor, PDF viewer) by name, when they are first needed.
  globalThis.diwan = { assets, load: (name) => import(assets[name]) };
  import(assets.app).then(
    (app) => app.default({ module_or_path: assets.wasm }),
    () => location.reload(),
  );
}
