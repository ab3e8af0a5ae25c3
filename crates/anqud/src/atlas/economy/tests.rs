use super::*;

/// Three sectors as an office publishes them: stocks that fell, a sum of each kind, value added below.
const PUBLISHED: &str = "Industry,Farming,Manufacturing,Services,Total intermediate,Household consumption,Changes in stocks,Exports,Total final demand,Total output
Farming,35,120,8,163,90,-12,15,93,256
Manufacturing,60,310,95,465,400,60,180,640,1105
Services,22,140,77,239,310,5,40,355,594
Value added,139,535,414,1088,,,,,1088
Total output,256,1105,594,1955,800,53,235,1088,
";

fn read_as(text: &str, outputs: Option<&str>, reading: Reading) -> Result<Economy, String> {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let name = format!("anqud-economy-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let path = std::env::temp_dir().join(format!("{name}.csv"));
    let other = std::env::temp_dir().join(format!("{name}-output.csv"));
    std::fs::write(&path, text).unwrap();
    std::fs::write(&other, outputs.unwrap_or_default()).unwrap();
    let outcome = read(&path, outputs.map(|_| other.as_path()), reading);
    std::fs::remove_file(&path).unwrap();
    std::fs::remove_file(&other).unwrap();
    outcome.map_err(|failure| failure.to_string().replace(&path.display().to_string(), "FILE"))
}

fn read_text(text: &str) -> Result<Economy, String> {
    read_as(text, None, Reading::default())
}

/// What numpy 2 makes of the three sectors: inv(I − A) and inv(I − B) in double precision.
#[track_caller]
fn agrees_with_numpy(economy: &Economy) {
    let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
    assert_eq!(economy.outputs(), [256.0, 1105.0, 594.0]);
    let multipliers = [1.8369564626616632, 1.9372343768319291, 1.5333325290141713];
    let backward = [1.0383127883494176, 1.0949934134966939, 0.8666937981538885];
    let forward = [1.154671340299008, 0.933668811424583, 0.911659848276409];
    let lost = [0.1977797528998213, 0.7271496263333871, 0.3896765475065893];
    for (at, found) in economy.impacts().iter().enumerate() {
        near(found.output_multiplier, multipliers[at]);
        near(found.backward_linkage, backward[at]);
        near(found.forward_linkage, forward[at]);
        near(found.extraction_loss, lost[at]);
    }
}

#[test]
fn a_published_table_is_read_as_it_is() {
    let semicolons = PUBLISHED.replace(',', ";").replace("1105", "1.105,0").replace("1955", "1 955");
    let without_sums = "x,Farming,Manufacturing,Services,P3,P52,P6\nFarming,35,120,8,90,-12,15\n\
                        Manufacturing,60,310,95,400,60,180\nServices,22,140,77,310,5,40\nB1G,139,535,414,,,\n";
    let row_of_outputs = "x,Farming,Manufacturing,Services\nFarming,35,120,8\nManufacturing,60,310,95\n\
                          Services,22,140,77\nCompensation of employees,100,300,200\nTotal output,256,1105,594\n";
    let only_total = "x,Farming,Manufacturing,Services,Final demand,Total\nFarming,35,120,8,93,256\n\
                      Manufacturing,60,310,95,640,1105\nServices,22,140,77,355,594\n";
    let arabic = PUBLISHED
        .replace("Household consumption", "استهلاك الأسر")
        .replace("Changes in stocks", "التغير في المخزون")
        .replace("Exports", "الصادرات")
        .replace("Value added", "القيمة المضافة")
        .replace("Total output", "إجمالي الإنتاج");
    let skip = Reading { missing: Missing::Skip, ..Reading::default() };
    for text in [PUBLISHED, &semicolons, without_sums, row_of_outputs, only_total, &arabic] {
        let economy = read_as(text, None, skip).unwrap_or_else(|told| panic!("{told}\n{text}"));
        agrees_with_numpy(&economy);
    }
    let economy = read_as(&format!("\u{feff}{}", PUBLISHED.replace('\n', "\r\n")), None, skip).unwrap();
    agrees_with_numpy(&economy);
    for (found, expected) in economy.final_demand().iter().zip([93.0, 640.0, 355.0]) {
        assert!((found - expected).abs() < 1e-9);
    }
}

#[test]
fn a_list_leaves_out_what_is_no_sector() {
    let mut list = "from,to,value\n".to_owned();
    for (from, row) in [("Farming", [35, 120, 8]), ("Manufacturing", [60, 310, 95]), ("Services", [22, 140, 77])] {
        for (to, value) in ["Farming", "Manufacturing", "Services"].iter().zip(row) {
            list.push_str(&format!("{from},{to},{value}\n"));
        }
        list.push_str(&format!("{from},Changes in inventories,-12\n{from},P3_S14,90\n"));
    }
    list.push_str("Value added,Farming,139\n");
    let outputs = "sector,output\nFarming,256\nManufacturing,\"1,105.0\"\nServices,594\n";
    agrees_with_numpy(&read_as(&list, Some(outputs), Reading::default()).unwrap());
    let told = read_as(&format!("{list}Farming,Mining,5\n"), Some(outputs), Reading::default()).unwrap_err();
    assert!(told.contains("«Mining» has no output; add it to"), "{told}");
    let told = read_as(&format!("{list}Farming,Services,8\n"), Some(outputs), Reading::default()).unwrap_err();
    assert!(told.contains("«Farming» to «Services» stands twice"), "{told}");
    let told = read_as(&list, None, Reading::default()).unwrap_err();
    assert!(told.contains("name a file with --output"), "{told}");
}

#[test]
fn sectors_without_output_and_negative_final_demand_are_taken() {
    let table = "x,a,b,c,Stocks,Total output\na,600,500,0,-100,1000\nb,200,100,0,1700,2000\nc,0,0,0,0,0\n";
    let economy = read_text(table).unwrap();
    assert_eq!(economy.final_demand(), [-100.0, 1700.0, 0.0]);
    assert_eq!(economy.impacts()[2].output_multiplier, 1.0);
}

#[test]
fn a_table_that_could_be_misread_is_refused() {
    for (text, expected) in [
        // A sector that is written otherwise in the first line.
        ("x,a,bb,Exports\na,1,2,9\nb,3,4,9\n", "line 1: «bb» is no sector, for no row has its name"),
        ("x,a,b,Exports\na,1,2,9\nb,3,4,9\nbee,1,1,1\n", "FILE:4: «bee» is no sector, for no column has its name"),
        ("x,a,b,c,d\nk,1,2,9,1\nl,3,4,9,1\n", "no column has the name of a row"),
        ("x,a,b,Exports,Total\na,1,2,9,12\nb,3,4,9,99\n", "the column «Total» is neither what is sold to sectors"),
        ("x,a,b,Exports\na,1,2,9\nb,3,..,9\n", "FILE:3: b: «..» says that the value is missing"),
        ("x,a,b,Exports\na,1,2,9\nb,3,\"1,234\",9\n", "is 1.234 with a decimal comma and 1234 with"),
        ("x,a,b,Exports\na,1,2,9\na,1,2,9\nb,3,4,9\n", "the row «a» stands twice"),
        ("x,a,a,b,Exports\na,1,2,9,1\nb,3,4,9,1\n", "the column «a» stands twice"),
        ("x,a,b\na,1,2\nb,3,4\n", "the table has no final demand and no output"),
        ("x,a,b,Exports\na,1,2,9\nb,-3,4,9\n", "what b sells"),
        ("from,to,value\na,b,1\n", "name a file with --output"),
    ] {
        let told = read_text(text).map(|_| ()).unwrap_err();
        assert!(told.contains(expected), "{text}\n{told}");
    }
}

#[test]
fn names_of_final_demand_and_value_added_are_known() {
    for name in
        ["P3_S14", "P51G", "P52", "P6", "Gross fixed capital formation", "Exports of goods", "الصادرات", "Total"]
    {
        assert!(is_final(name), "{name}");
    }
    for name in ["D1", "B1G", "D21X31", "Taxes less subsidies", "Imports", "القيمة المضافة", "Total output"]
    {
        assert!(is_primary(name), "{name}");
    }
    for name in ["Farming", "P", "Mining", "D", "C10-12", "زراعة"] {
        assert!(!is_final(name) && !is_primary(name), "{name}");
    }
}
