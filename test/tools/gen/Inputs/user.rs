mod values;

use std::mem::size_of;

fn main() {
    println!(
        "{} {} {}",
        size_of::<values::Key>(),
        size_of::<values::Value>(),
        size_of::<values::Bss>()
    );
    let object = values::OBJECT;
    println!("{:?} {}", &object[..4], object.as_ptr() as usize % 8);
    println!("{} {:?}", values::programs::r#type, values::State::BUSY);
}
