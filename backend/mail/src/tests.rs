//! Against a server of a few lines, which keeps what it was sent.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    thread,
};

use super::{Mail, MailError, Mailer};

/// Takes one mail and returns it as it came, or refuses the receiver with `refusal`.
fn serve_one(refusal: Option<&'static str>) -> (String, thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let server = thread::spawn(move || talk(listener.accept().unwrap().0, refusal));
    (url, server)
}

fn talk(stream: TcpStream, refusal: Option<&str>) -> String {
    let mut out = stream.try_clone().unwrap();
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let mut say = |text: &str| out.write_all(format!("{text}\r\n").as_bytes()).unwrap();
    say("220 test");
    while let Some(line) = lines.next() {
        match line.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => say("250 test"),
            "RCPT" if refusal.is_some() => say(refusal.unwrap()),
            "DATA" => {
                say("354 go on");
                let mail: Vec<String> = lines.by_ref().take_while(|line| line != ".").collect();
                say("250 taken");
                return mail.join("\n");
            }
            "QUIT" => break,
            _ => say("250 ok"),
        }
    }
    String::new()
}

fn mail() -> Mail {
    Mail {
        to: "clerk@mof.gov.example".to_owned(),
        subject: "ديوان: كتاب وارد".to_owned(),
        text: "وصل كتاب جديد\nhttps://diwan.example/letters/7\n".to_owned(),
    }
}

#[test]
fn a_mail_arrives() {
    let (url, server) = serve_one(None);
    Mailer::new(&url, "Diwan <diwan@gov.example>").unwrap().send(&mail()).unwrap();
    let taken = server.join().unwrap();
    assert!(taken.contains("From: Diwan <diwan@gov.example>"), "{taken}");
    assert!(taken.contains("To: clerk@mof.gov.example"), "{taken}");
    assert!(taken.contains("Subject: =?utf-8?b?"), "{taken}");
    assert!(taken.contains("Content-Type: text/plain; charset=utf-8"), "{taken}");
}

#[test]
fn refusals_for_good_and_for_now_differ() {
    let (url, _server) = serve_one(Some("550 no such user"));
    let error = Mailer::new(&url, "diwan@gov.example").unwrap().send(&mail()).unwrap_err();
    assert!(matches!(&error, MailError::Refused(why) if why.contains("no such user")), "{error}");

    let (url, _server) = serve_one(Some("451 busy"));
    let error = Mailer::new(&url, "diwan@gov.example").unwrap().send(&mail()).unwrap_err();
    assert!(error.is_temporary(), "{error}");

    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = Mailer::new(&format!("smtp://{closed}"), "diwan@gov.example").unwrap().send(&mail()).unwrap_err();
    assert!(error.is_temporary(), "{error}");
}

#[test]
fn wrong_addresses_are_told_at_once() {
    assert!(matches!(Mailer::new("mail.gov.example", "a@b.example"), Err(MailError::Server(_))));
    assert!(matches!(Mailer::new("smtp://localhost", "nobody"), Err(MailError::Address { .. })));
    let mailer = Mailer::new("smtp://localhost", "a@b.example").unwrap();
    let wrong = Mail { to: "x@y\r\nBcc: z@y".to_owned(), ..mail() };
    assert!(matches!(mailer.send(&wrong), Err(MailError::Address { .. })));
    assert_eq!(super::one_line("a\r\nBcc: x"), "a  Bcc: x");
}
