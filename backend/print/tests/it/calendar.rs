//! Hijri dates against the dates government papers carry (shared data set).

use crate::data::shared_data;
use chrono::NaiveDate;
use diwan_print::calendar::hijri;

#[test]
fn every_umm_al_qura_date_of_the_data_set() {
    let mut reader = csv::Reader::from_path(shared_data("calendar/hijri-gregorian.csv")).unwrap();
    let headers = reader.headers().unwrap().clone();
    let column = |name| headers.iter().position(|header| header == name).unwrap();
    let (hijri_at, gregorian_at) = (column("hijri"), column("umalqura_gregorian"));
    let mut checked = 0;
    for record in reader.records() {
        let record = record.unwrap();
        let date: NaiveDate = record[gregorian_at].parse().unwrap();
        let ours = hijri(date);
        assert_eq!(format!("{:04}-{:02}-{:02}", ours.year, ours.month, ours.day), record[hijri_at], "{date}");
        checked += 1;
    }
    assert!(checked >= 200, "only {checked} dates");
}
