//! Turns the output of cargo-leptos into the site that the binary embeds: names that change with
//! their content (so that browsers may cache them for ever), each file compressed in advance, and
//! `site.json`, from which the server reads the names.

use crate::workspace;
use anyhow::{Context, Result, bail};
use brotli::enc::BrotliEncoderParams;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The `output-name` of the workspace's leptos metadata.
const NAME: &str = "phonebill";
const HASH_DIGITS: usize = 12;
/// Compressing these again makes them larger.
const COMPRESSED_ALREADY: [&str; 6] = ["woff2", "woff", "png", "jpg", "webp", "avif"];

/// Fills `embedded` from `built`.
///
/// # Errors
/// If an output of the build is missing, or the style refers to a missing file.
pub fn collect(built: &Path, embedded: &Path) -> Result<()> {
    if embedded.exists() {
        fs::remove_dir_all(embedded).with_context(|| format!("clearing {embedded:?}"))?;
    }
    let part = |extension: &str| {
        let file = built.join("pkg").join(NAME).with_extension(extension);
        fs::read(&file).with_context(|| format!("reading {file:?}"))
    };
    let (js, wasm) = (part("js")?, part("wasm")?);
    let style = String::from_utf8(part("css")?).context("the style is not UTF-8")?;

    let mut assets = BTreeMap::new();
    for file in workspace::files_under(built)? {
        let path = file.strip_prefix(built)?.to_string_lossy().into_owned();
        let is_type_declaration = path.ends_with(".d.ts");
        if !path.starts_with(&format!("pkg/{NAME}.")) && !is_type_declaration {
            let content = fs::read(&file)?;
            let name = if refers_to(&style, &path) {
                hashed(&path, &content)
            } else {
                path.clone()
            };
            write_with_twin(embedded, &name, &content)?;
            assets.insert(path, name);
        }
    }
    let css = with_hashed_urls(&style, &assets)?.into_bytes();

    let hash = short_hash(&[&js, &wasm, &css]);
    let output_name = format!("{NAME}.{hash}");
    let named = |extension: &str| format!("pkg/{output_name}.{extension}");
    for (extension, content) in [("js", &js), ("wasm", &wasm), ("css", &css)] {
        write_with_twin(embedded, &named(extension), content)?;
    }
    let manifest = json!({
        "output_name": output_name,
        "js": named("js"),
        "wasm": named("wasm"),
        "css": named("css"),
        "assets": assets,
    });
    fs::write(
        embedded.join("site.json"),
        serde_json::to_vec_pretty(&manifest)?,
    )
    .context("writing site.json")
}

/// Adds the files that only `/api/docs` loads.
///
/// # Errors
/// If a file of Swagger UI is missing.
pub fn add_api_docs(swagger_ui: &Path, embedded: &Path) -> Result<()> {
    for name in ["swagger-ui.css", "swagger-ui-bundle.js"] {
        let content = fs::read(swagger_ui.join(name)).with_context(|| format!("reading {name}"))?;
        let name = format!("docs/{name}");
        // Compressing it takes seconds, and it does not change.
        if fs::read(embedded.join(&name)).is_ok_and(|there| there == content) {
            continue;
        }
        write_with_twin(embedded, &name, &content)?;
    }
    Ok(())
}

/// The bytes as sent to a browser that accepts Brotli.
///
/// # Errors
/// If the encoder fails, which it does not in memory.
pub fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let parameters = BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

fn write_with_twin(folder: &Path, name: &str, content: &[u8]) -> Result<()> {
    let file = folder.join(name);
    let parent = file.parent().unwrap_or(folder);
    fs::create_dir_all(parent).with_context(|| format!("creating {parent:?}"))?;
    fs::write(&file, content).with_context(|| format!("writing {file:?}"))?;
    let extension = file
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    if !COMPRESSED_ALREADY.contains(&extension.as_str()) {
        fs::write(folder.join(format!("{name}.br")), brotli(content)?)?;
    }
    Ok(())
}

fn short_hash(parts: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    parts.iter().for_each(|part| digest.update(part));
    hex::encode(digest.finalize())
        .chars()
        .take(HASH_DIGITS)
        .collect()
}

/// `fonts/a.woff2` → `fonts/a.<hash>.woff2`.
fn hashed(path: &str, content: &[u8]) -> String {
    let hash = short_hash(&[content]);
    match path.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
        None => format!("{path}.{hash}"),
    }
}

fn refers_to(style: &str, path: &str) -> bool {
    urls(style)
        .iter()
        .any(|(_, url)| site_path(url).as_deref() == Some(path))
}

fn with_hashed_urls(style: &str, assets: &BTreeMap<String, String>) -> Result<String> {
    let mut rewritten = String::with_capacity(style.len());
    let mut copied = 0;
    for (start, url) in urls(style) {
        let Some(path) = site_path(url) else { continue };
        let Some(name) = assets.get(&path) else {
            bail!("the style refers to `{url}`, but style/assets has no `{path}`");
        };
        rewritten.push_str(&style[copied..start]);
        rewritten.push('/');
        rewritten.push_str(name);
        copied = start + url.len();
    }
    rewritten.push_str(&style[copied..]);
    Ok(rewritten)
}

/// The offset and the content, without quotes, of each `url(…)` in the style.
fn urls(style: &str) -> Vec<(usize, &str)> {
    let opening = "url(";
    let mut found = Vec::new();
    for (at, _) in style.match_indices(opening) {
        let inside = &style[at + opening.len()..];
        let quoted = inside.starts_with(['"', '\'']);
        let inside = if quoted { &inside[1..] } else { inside };
        let end = inside.find(if quoted { &['"', '\''][..] } else { &[')'][..] });
        let start = at + opening.len() + usize::from(quoted);
        found.push((start, &inside[..end.unwrap_or(inside.len())]));
    }
    found
}

/// The file of the site that a URL in the style refers to; `None` for data and fragments.
fn site_path(url: &str) -> Option<String> {
    if url.starts_with("data:") || url.starts_with('#') || url.contains("://") {
        return None;
    }
    // The style is served as `/pkg/<name>.css`.
    let mut folders = if url.starts_with('/') {
        vec![]
    } else {
        vec!["pkg"]
    };
    for part in url.split(['?', '#']).next()?.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                folders.pop();
            }
            name => folders.push(name),
        }
    }
    Some(folders.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_rewritten_whether_quoted_relative_or_absolute() {
        let assets = BTreeMap::from([("fonts/a.woff2".to_owned(), "fonts/a.1f.woff2".to_owned())]);
        let style = "x{src:url(/fonts/a.woff2)}y{src:url(\"../fonts/a.woff2\")}z{b:url(data:,)}";
        let wanted =
            "x{src:url(/fonts/a.1f.woff2)}y{src:url(\"/fonts/a.1f.woff2\")}z{b:url(data:,)}";
        assert_eq!(with_hashed_urls(style, &assets).unwrap(), wanted);
        assert!(refers_to(style, "fonts/a.woff2") && !refers_to(style, "favicon.svg"));
    }

    #[test]
    fn a_url_to_nothing_is_refused() {
        let error = with_hashed_urls("x{b:url(/lost.png)}", &BTreeMap::new()).unwrap_err();
        assert!(error.to_string().contains("lost.png"));
    }

    #[test]
    fn the_site_has_hashed_names_twins_and_a_manifest() {
        let (built, embedded) = (
            workspace::temporary_folder().unwrap(),
            workspace::temporary_folder().unwrap(),
        );
        fs::create_dir_all(built.path().join("pkg")).unwrap();
        fs::create_dir_all(built.path().join("fonts")).unwrap();
        let put = |name: &str, content: &str| fs::write(built.path().join(name), content).unwrap();
        put("pkg/phonebill.js", "let a=1");
        put("pkg/phonebill.wasm", "\0asm");
        put("pkg/phonebill.css", "@font-face{src:url(/fonts/a.woff2)}");
        put("fonts/a.woff2", "font");
        put("favicon.svg", "<svg/>");
        put("pkg/phonebill_bg.wasm.d.ts", "export {}");
        collect(built.path(), embedded.path()).unwrap();

        let manifest = fs::read(embedded.path().join("site.json")).unwrap();
        let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
        let css = manifest["css"].as_str().unwrap();
        let font = manifest["assets"]["fonts/a.woff2"].as_str().unwrap();
        assert_eq!(manifest["assets"]["favicon.svg"], "favicon.svg");
        assert_ne!(font, "fonts/a.woff2");
        assert_eq!(manifest["assets"].as_object().unwrap().len(), 2);
        assert!(
            fs::read_to_string(embedded.path().join(css))
                .unwrap()
                .contains(font)
        );
        for twin in [format!("{css}.br"), "favicon.svg.br".to_owned()] {
            assert!(embedded.path().join(&twin).is_file(), "{twin}");
        }
        assert!(!embedded.path().join(format!("{font}.br")).exists());
    }
}
