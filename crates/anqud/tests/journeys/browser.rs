//! A real browser, driven through the WebDriver protocol (W3C), with what Chromium adds to it.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::{Value, json};

use crate::server::ask;

/// One browser at a time: two at once make each other slow, and then late.
static TURN: Mutex<()> = Mutex::new(());

/// How wide, and whether pages may run scripts.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    pub width: u32,
    pub scripts: bool,
}

/// A browser with one window.
pub struct Browser {
    driver: Child,
    address: String,
    session: String,
    profile: std::path::PathBuf,
    _turn: MutexGuard<'static, ()>,
}

impl Browser {
    /// A fresh browser, or `None` (said aloud) where there is no Chromium.
    pub fn open(name: &str, look: Look) -> Option<Browser> {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let started = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let Ok(mut driver) = started else {
            eprintln!("left out: there is no chromedriver");
            return None;
        };
        let said = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = said.map_while(Result::ok).find_map(|line| {
            line.split_once("started successfully on port ").map(|(_, port)| port.trim_end_matches('.').to_owned())
        });
        let address = format!("127.0.0.1:{}", port.expect("chromedriver says on which port it listens"));
        let profile = std::env::temp_dir().join(format!("anqud-browser-{name}-{}", std::process::id()));
        // Nothing moves: a colour on its way to another has neither's contrast.
        let mut options = json!({
            "args": [
                "--force-prefers-reduced-motion",
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--window-size=1280,900", format!("--user-data-dir={}", profile.display()),
            ],
        });
        if look.width < 500 {
            let metrics = json!({"width": look.width, "height": 640, "pixelRatio": 1.0, "touch": false});
            options["mobileEmulation"] = json!({"deviceMetrics": metrics});
        }
        if !look.scripts {
            options["prefs"] = json!({"profile.managed_default_content_settings.javascript": 2});
        }
        let wanted = json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}});
        let (status, _, body) = ask(&address, "POST", "/session", &[], &wanted.to_string());
        let answer: Value = serde_json::from_str(&body).unwrap();
        if status != 200 {
            let _ = driver.kill();
            eprintln!("left out: there is no Chromium: {}", answer["value"]["message"]);
            return None;
        }
        let session = answer["value"]["sessionId"].as_str().unwrap().to_owned();
        Some(Browser { driver, address, session, profile, _turn: turn })
    }

    fn command(&self, method: &str, path: &str, body: &Value) -> Value {
        let text = if method == "POST" { body.to_string() } else { String::new() };
        let path = format!("/session/{}{path}", self.session);
        let (status, _, answer) = ask(&self.address, method, &path, &[], &text);
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(status, 200, "{path} {body}: {}", answer["value"]["message"]);
        answer["value"].clone()
    }

    pub fn go(&self, url: &str) {
        self.command("POST", "/url", &json!({"url": url}));
    }

    pub fn url(&self) -> String {
        self.command("GET", "/url", &Value::Null).as_str().unwrap().to_owned()
    }

    /// The whole page as it came.
    pub fn source(&self) -> String {
        self.command("GET", "/source", &Value::Null).as_str().unwrap().to_owned()
    }

    fn element(&self, css: &str) -> String {
        let found = self.command("POST", "/element", &json!({"using": "css selector", "value": css}));
        format!("/element/{}", found.as_object().unwrap().values().next().unwrap().as_str().unwrap())
    }

    pub fn text(&self, css: &str) -> String {
        self.command("GET", &format!("{}/text", self.element(css)), &Value::Null).as_str().unwrap().to_owned()
    }

    pub fn value(&self, css: &str) -> String {
        let value = self.command("GET", &format!("{}/property/value", self.element(css)), &Value::Null);
        value.as_str().unwrap_or("").to_owned()
    }

    /// Whether the person sees it; what is not on the page at all nobody sees.
    pub fn is_shown(&self, css: &str) -> bool {
        let found = self.command("POST", "/elements", &json!({"using": "css selector", "value": css}));
        let Some(element) = found.as_array().unwrap().first() else { return false };
        let id = element.as_object().unwrap().values().next().unwrap().as_str().unwrap();
        self.command("GET", &format!("/element/{id}/displayed"), &Value::Null).as_bool().unwrap()
    }

    pub fn click(&self, css: &str) {
        self.command("POST", &format!("{}/click", self.element(css)), &json!({}));
    }

    /// Clicks what leads to another page, and waits until the page that was there is gone.
    pub fn follow(&self, css: &str) {
        let page = format!("/session/{}{}/name", self.session, self.element("html"));
        self.click(css);
        for _ in 0..500 {
            if ask(&self.address, "GET", &page, &[], "").0 != 200 {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("{css} leads nowhere from {}", self.url());
    }

    /// Types into a field what it then holds.
    pub fn fill(&self, css: &str, text: &str) {
        let element = self.element(css);
        self.command("POST", &format!("{element}/clear"), &json!({}));
        self.command("POST", &format!("{element}/value"), &json!({"text": text}));
    }

    /// What a script answers.
    pub fn run(&self, script: &str) -> Value {
        self.command("POST", "/execute/sync", &json!({"script": script, "args": []}))
    }

    /// What a script hands to its last argument, some time later.
    pub fn run_async(&self, script: &str) -> Value {
        self.command("POST", "/execute/async", &json!({"script": script, "args": []}))
    }

    /// Light or dark.
    pub fn scheme(&self, scheme: &str) {
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        let command = json!({"cmd": "Emulation.setEmulatedMedia", "params": {"features": features}});
        self.command("POST", "/goog/cdp/execute", &command);
    }

    /// Keeps a picture in the folder that `ANQUD_SCREENSHOTS` names, where it does.
    pub fn picture(&self, name: &str) {
        let Ok(folder) = std::env::var("ANQUD_SCREENSHOTS") else { return };
        let command = json!({"cmd": "Page.captureScreenshot", "params": {"captureBeyondViewport": true}});
        let shot = self.command("POST", "/goog/cdp/execute", &command);
        let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, shot["data"].as_str().unwrap());
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(format!("{folder}/{name}.png"), bytes.unwrap()).unwrap();
    }

    /// Signs in on the page for it.
    pub fn sign_in(&self, site: &str, lang: &str, email: &str) {
        self.go(&format!("http://{site}/{lang}/sign-in"));
        self.fill("[name=email]", email);
        self.fill("[name=password]", "anqud-demo");
        self.follow("main button[type=submit]");
    }

    pub fn sign_out(&self) {
        self.click("header details.account summary");
        self.follow("header details.account form button");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A browser that has gone already leaves nothing to end.
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.command("DELETE", "", &Value::Null)));
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}
